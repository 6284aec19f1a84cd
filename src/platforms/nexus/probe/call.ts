import type {Channel} from '../../../core/channel.ts';
import {createCaller} from '../call.ts';
import type {Answer, Failure} from '../client.ts';
import type {Contract} from '../contract.ts';
import {type PathsOptions, type Routes, toTraceId} from './paths.ts';

export interface LiveOptions extends PathsOptions {
  phone: string;
  /** With what was found so far. */
  contract: Contract;
  routes: Routes;
  now(): number;
}

export interface LiveCall {
  path: string;
  body: Buffer;
  contentType?: string;
  signed?: Uint8Array;
}

/** A call as another contract would have it. */
export function callWith({options, client, newId}: LiveOptions, contract: Contract, channel: Channel, call: LiveCall) {
  const request = {method: 'POST', contentType: 'application/json', traceId: toTraceId(newId()), ...call} as const;
  return createCaller({...options, contract}, client)(channel, request);
}

export function isTaken(answer: Answer | Failure): boolean {
  return !('failed' in answer) && answer.status >= 200 && answer.status < 300;
}

export function toAnswered(answer: Answer | Failure): string {
  return 'failed' in answer ? answer.code : String(answer.status);
}
