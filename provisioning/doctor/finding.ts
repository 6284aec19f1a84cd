import type {Finding} from '../../src/core/examination.ts';

export type {Finding} from '../../src/core/examination.ts';

export function ok(code: string, message: string): Finding {
  return {level: 'ok', code, message};
}

export function problem(code: string, message: string): Finding {
  return {level: 'problem', code, message};
}

export function warning(code: string, message: string): Finding {
  return {level: 'warning', code, message};
}

export function unknown(code: string, message: string): Finding {
  return {level: 'unknown', code, message};
}
