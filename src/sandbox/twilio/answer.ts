import type http from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ApiAnswer} from './api.ts';

/** Puts an answer on the wire, or what its fault leaves of it. */
export async function sendAnswer(outgoing: http.ServerResponse, answer: ApiAnswer): Promise<void> {
  const {fault} = answer;
  if (fault?.kind === 'silence') return;
  if (fault?.kind === 'lost-answer') return void outgoing.destroy();
  if (fault?.kind === 'reset') return reset(outgoing);
  if (fault?.kind === 'slow') await sleep(fault.ms, undefined, {ref: false});
  const body = toBytes(answer.body);
  outgoing.writeHead(answer.status, {
    'content-type': typeof answer.body === 'string' ? 'text/html' : 'application/json',
    'content-length': body.length,
    ...answer.headers,
  });
  if (fault?.kind === 'cut-answer') {
    outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy());
    return;
  }
  outgoing.end(fault?.kind === 'garbled-answer' ? Buffer.alloc(body.length, '{') : body);
}

function reset(outgoing: http.ServerResponse) {
  const {socket} = outgoing;
  if (socket !== null && 'resetAndDestroy' in socket) socket.resetAndDestroy();
}

function toBytes(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
