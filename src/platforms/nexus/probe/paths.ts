import type {Channel} from '../../../core/channel.ts';
import type {ProbeFinding, ProbeLine, ProbeReport} from '../../platform.ts';
import {createCaller} from '../call.ts';
import type {Answer, Client, Failure} from '../client.ts';
import type {Contract} from '../contract.ts';
import type {NexusOptions} from '../options.ts';
import {controlPath, type PathQuestion, pathQuestions} from './candidates.ts';

export interface PathsOptions {
  options: NexusOptions;
  client: Client;
  channel: Channel;
  newId(): string;
}

export type Routes = Record<PathQuestion['question'], boolean>;

/**
 * Which routes there are. Every call carries a signature that is wrong on purpose, over an empty object: 401 or 403 is a route that
 * looked, 404 or 405 is none, and nothing is created. Where even a path that can't exist is answered 401, nothing follows.
 */
export async function probePaths({options, client, channel, newId}: PathsOptions) {
  const call = createCaller(options, client);
  const stranger = {...channel, apiSecrets: [`wrong on purpose ${newId()}`]};
  const knock = async (path: string) =>
    call(stranger, {
      method: 'POST',
      path,
      body: Buffer.from('{}'),
      contentType: 'application/json',
      traceId: toTraceId(newId()),
    });

  const control = toLine('no such route', controlPath, await knock(controlPath));
  const lines: ProbeLine[] = [control];
  const findings: ProbeFinding[] = [];
  const routes: Routes = {'inbound path': false, 'receipt path': false, 'media path': false};
  let {contract} = options;
  for (const wanted of pathQuestions) {
    const configured = wanted.of(options.contract);
    const asked: ProbeLine[] = [];
    for (const path of new Set([configured, ...wanted.others])) {
      const line = toLine(wanted.question, path, await knock(path));
      asked.push(control.fits === 'no' ? line : {...line, fits: 'unclear'});
    }
    const found = asked.find(({fits}) => fits === 'yes')?.candidate;
    routes[wanted.question] = found !== undefined;
    contract = withPath(contract, wanted.question, found ?? configured);
    lines.push(...asked);
    findings.push(
      toFinding(wanted.setting, found ?? configured, found === undefined ? 'unknown' : 'certain', configured),
    );
  }
  return {report: {lines, findings, warnings: toWarnings(lines, control)} satisfies ProbeReport, routes, contract};
}

export function toLine(question: string, candidate: string, answer: Answer | Failure): ProbeLine {
  if ('failed' in answer) return {question, candidate, answered: answer.code, fits: 'unclear'};
  const {status} = answer;
  const answered = String(status);
  if (status === 404 || status === 405) return {question, candidate, answered, fits: 'no'};
  return {question, candidate, answered, fits: status === 401 || status === 403 ? 'yes' : 'unclear'};
}

export function toFinding(
  setting: string,
  value: string,
  sure: ProbeFinding['sure'],
  configured: string,
): ProbeFinding {
  return {setting, value, sure, differs: value !== configured};
}

/** Zipkin's form of whatever the gateway's ids are. */
export function toTraceId(id: string): string {
  return Buffer.from(id).toString('hex').padStart(32, '0').slice(-32);
}

function withPath(contract: Contract, question: PathQuestion['question'], path: string): Contract {
  switch (question) {
    case 'inbound path':
      return {...contract, inboundPath: path};
    case 'receipt path':
      return {...contract, receiptPath: path};
    case 'media path':
      return {...contract, media: {...contract.media, uploadPath: path}};
  }
}

function toWarnings(lines: readonly ProbeLine[], control: ProbeLine): string[] {
  return [
    'Calls with a wrong signature were made on purpose: they may raise an alert on the Nexus side.',
    ...(control.fits === 'no'
      ? []
      : [
          `A path that can't exist was answered ${control.answered}: whatever stands before Nexus hides which routes there are. Compare url, ccid and contract.apiKey.`,
        ]),
    ...lines
      .filter(({answered}) => answered.startsWith('2'))
      .map(({candidate}) => `${candidate} answered 2XX to a wrong signature: it checks none, or it is not Nexus.`),
  ];
}
