import type {Channel} from '../../../core/channel.ts';
import type {ProbeFinding, ProbeLine, ProbeReport} from '../../platform.ts';
import {createCaller} from '../call.ts';
import type {Answer, Client, Failure} from '../client.ts';
import type {Contract} from '../contract.ts';
import type {NexusOptions} from '../options.ts';
import {basePaths, controlPath, type PathQuestion, pathQuestions} from './candidates.ts';

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
export async function probePaths(options: PathsOptions) {
  const {contract} = options.options;
  const asked = await probeBase(options, contract);
  if (Object.values(asked.routes).includes(true) || !asked.isTelling) return asked;
  const {lines, basePath} = await findBase(options, contract);
  const {report} = asked;
  if (basePath === undefined) {
    const found = toBaseFinding(contract.basePath, 'unknown', contract.basePath);
    return {...asked, report: {...report, lines: [...report.lines, ...lines], findings: [found, ...report.findings]}};
  }
  const there = await probeBase(options, {...contract, basePath});
  const found = toBaseFinding(basePath, 'certain', contract.basePath);
  const all = [...report.lines, ...lines, ...there.report.lines];
  return {...there, report: {...there.report, lines: all, findings: [found, ...there.report.findings]}};
}

/** Nothing was found: what else may stand before the paths. */
async function findBase(options: PathsOptions, contract: Contract) {
  const lines: ProbeLine[] = [];
  const others = basePaths.filter(basePath => basePath !== contract.basePath);
  const paths = new Set([contract.inboundPath, ...pathQuestions[0].others]);
  for (const basePath of others) {
    const knock = createKnock(options, {...contract, basePath});
    const control = toLine('base path', basePath, await knock(controlPath));
    if (control.fits !== 'no') continue;
    for (const path of paths) {
      const line = toLine('base path', `${basePath}${path}`, await knock(path));
      lines.push(line);
      if (line.fits === 'yes') return {lines, basePath};
    }
  }
  return {lines, basePath: undefined};
}

function createKnock({options, client, channel, newId}: PathsOptions, contract: Contract) {
  const call = createCaller({...options, contract}, client);
  const stranger = {...channel, apiSecrets: [`wrong on purpose ${newId()}`]};
  return (path: string) => {
    const body = Buffer.from('{}');
    return call(stranger, {method: 'POST', path, body, contentType: 'application/json', traceId: toTraceId(newId())});
  };
}

async function probeBase(options: PathsOptions, under: Contract) {
  const knock = createKnock(options, under);
  const control = toLine('no such route', controlPath, await knock(controlPath));
  const lines: ProbeLine[] = [control];
  const findings: ProbeFinding[] = [];
  const routes: Routes = {'inbound path': false, 'receipt path': false, 'media path': false};
  let contract = under;
  for (const wanted of pathQuestions) {
    const configured = wanted.of(under);
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
  findings.push(...toReceiptFinding(under, routes));
  const report: ProbeReport = {lines, findings, warnings: toWarnings(lines, control)};
  return {report, routes, contract, isTelling: control.fits === 'no'};
}

/** A Nexus that takes texts and has no route for receipts may want them as messages: likely, and no more, for nothing tells it. */
function toReceiptFinding({receiptAsMessage}: Contract, routes: Routes): ProbeFinding[] {
  if (!routes['inbound path'] || routes['receipt path']) return [];
  return [toFinding('contract.receiptAsMessage', 'true', 'likely', String(receiptAsMessage))];
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

/** As the file has it: a slash for nothing. */
function toBaseFinding(basePath: string, sure: ProbeFinding['sure'], configured: string): ProbeFinding {
  return toFinding('contract.basePath', basePath || '/', sure, configured || '/');
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
