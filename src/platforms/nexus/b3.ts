import type {B3} from '../../core/tracer.ts';
import type {Headers} from './headers.ts';

const yes = /^(1|true)$/i;
const no = /^(0|false)$/i;

/** What is written as B3 says (openzipkin/b3-propagation); what is not tells nothing. Debug (`X-B3-Flags: 1`) means yes. */
export function readB3(headers: Headers): B3 {
  const spanId = headers['x-b3-spanid'];
  const sampled = headers['x-b3-flags'] === '1' ? '1' : headers['x-b3-sampled'];
  return {
    ...(isSpanId(spanId) && {spanId: spanId.toLowerCase()}),
    ...(typeof sampled === 'string' && (yes.test(sampled) || no.test(sampled)) && {sampled: yes.test(sampled)}),
  };
}

/** Beside the trace's id, so that what the platform traces stands below our post. */
export function toB3Headers({spanId, sampled}: B3): Record<string, string> {
  return {
    ...(spanId !== undefined && {'x-b3-spanid': spanId}),
    ...(sampled !== undefined && {'x-b3-sampled': sampled ? '1' : '0'}),
  };
}

function isSpanId(header: string | string[] | undefined): header is string {
  return typeof header === 'string' && /^[\da-f]{16}$/i.test(header) && /[^0]/.test(header);
}
