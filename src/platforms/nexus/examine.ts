import type {Channel} from '../../core/channel.ts';
import type {Endpoint, Examination, Finding} from '../../core/examination.ts';
import type {Caller} from './call.ts';
import type {Answer, Failure} from './client.ts';
import {judgeAnswers, judgeContract} from './examine-judge.ts';
import type {NexusOptions} from './options.ts';

export interface ExamineOptions {
  name: string;
  options: NexusOptions;
  call: Caller;
  channels: ReadonlyMap<string, Channel>;
  now(): number;
  newId(): string;
}

/** What one channel's calls were answered. */
export interface Answers {
  channel: string;
  inbound: Answer | Failure;
  receipt: Answer | Failure;
}

/** An empty object creates nothing: what it is answered tells route, channel, signature and contact centre apart. */
const nothing = Buffer.from('{}');

export function createExamination(given: ExamineOptions): Examination {
  const {name, options, channels} = given;
  return {
    endpoints: [toEndpoint(options, name)],
    async ask() {
      const findings: Finding[] = judgeContract(name, options.contract, given.now());
      const all: Answers[] = [];
      for (const channel of channels.values()) all.push(await askFor(channel, given));
      return [...findings, ...judgeAnswers(name, options, all)];
    },
  };
}

async function askFor(channel: Channel, {options, call, newId}: ExamineOptions): Promise<Answers> {
  const {inboundPath, receiptPath, receiptAsMessage} = options.contract;
  const ask = (path: string) =>
    call(channel, {
      method: 'POST',
      path,
      body: nothing,
      contentType: 'application/json',
      traceId: newId().replaceAll('-', '').slice(0, 32).padStart(32, '0'),
    });
  const inbound = await ask(inboundPath);
  return {channel: channel.id, inbound, receipt: receiptAsMessage ? inbound : await ask(receiptPath)};
}

function toEndpoint({url, tls, proxy}: NexusOptions, name: string): Endpoint {
  const {hostname, port, protocol} = new URL(url);
  const secure = protocol === 'https:';
  const endpoint = {
    name: `platform ${name}`,
    host: hostname.replace(/^\[(.*)]$/, '$1'),
    port: Number(port || (secure ? 443 : 80)),
    http: true,
    proxied: proxy !== undefined,
  };
  return secure ? {...endpoint, tls: {servername: hostname, ...tls, settings: {ca: 'tls.ca'}}} : endpoint;
}
