import type {InboundPost, ProbeFinding, ProbeReport, ReceiptPost} from '../../platform.ts';
import type {Contract} from '../contract.ts';
import {toRequest} from '../wire.ts';
import {callWith, isTaken, type LiveOptions, toAnswered} from './call.ts';
import {toInboundVariants, toReceiptVariants} from './candidates.ts';
import {toFinding} from './paths.ts';

/** A receipt for a message nobody sent. 404 on a route that exists says that the form was read: it is the message that is unknown. */
export async function findReceiptForm(options: LiveOptions, report: ProbeReport): Promise<Contract | undefined> {
  const {channel, phone, newId, now} = options;
  const post: ReceiptPost = {
    kind: 'receipt',
    channel: channel.id,
    messageId: `probe-${newId()}`,
    from: channel.address,
    to: phone,
    traceId: '',
    receipt: {status: 'Delivered', final: true, reasons: [], at: now()},
  };
  const variants = toReceiptVariants({...options.contract, receiptAsMessage: false});
  return await tryVariants({options, report, post, variants, envelope: 'receiptEnvelope'});
}

/** Ends with the first text that is taken: it opens one interaction. */
export async function findInboundForm(options: LiveOptions, report: ProbeReport): Promise<void> {
  const {channel, phone, newId, now} = options;
  const post: InboundPost = {
    kind: 'inbound',
    channel: channel.id,
    inbound: {
      messageId: `probe-${newId()}`,
      platform: channel.platform,
      channel: channel.id,
      carrier: '',
      from: phone,
      to: channel.address,
      text: 'Test of the SMS gateway: nothing to do.',
      media: [],
      traceId: '',
      receivedAt: now(),
    },
  };
  const variants = toInboundVariants(options.contract);
  const found = await tryVariants({options, report, post, variants, envelope: 'inboundEnvelope'});
  if (found !== undefined) {
    report.warnings.push('One test text was taken: see in Nexus that it opened an interaction, and close it.');
  }
}

interface Trial {
  options: LiveOptions;
  report: ProbeReport;
  post: InboundPost | ReceiptPost;
  variants: readonly Contract[];
  envelope: 'inboundEnvelope' | 'receiptEnvelope';
}

/** Only an answer that blames the body is a reason to try another form. */
async function tryVariants({options, report, post, variants, envelope}: Trial): Promise<Contract | undefined> {
  const question = `${post.kind} form`;
  for (const contract of variants) {
    const {path, body} = toRequest(post, contract);
    const answer = await callWith(options, contract, options.channel, {path, body: Buffer.from(JSON.stringify(body))});
    const status = 'failed' in answer ? 0 : answer.status;
    const unknownMessage = status === 404 && post.kind === 'receipt';
    const fits = isTaken(answer) || unknownMessage ? 'yes' : [400, 415, 422].includes(status) ? 'no' : 'unclear';
    report.lines.push({question, candidate: toName(contract, contract[envelope]), answered: toAnswered(answer), fits});
    if (fits === 'no') continue;
    if (fits === 'yes') {
      report.findings.push(
        ...toFindings(contract, options.options.contract, envelope, unknownMessage ? 'likely' : 'certain'),
      );
      return contract;
    }
    report.warnings.push(
      `${question}: Nexus answered ${toAnswered(answer)}, which blames something else than the form.`,
    );
    return undefined;
  }
  report.warnings.push(
    `${question}: Nexus refused every form known: record a post of another client of it, or ask Genesys.`,
  );
  return undefined;
}

function toName({messageIdIn, numberForm, channelType}: Contract, envelope: string): string {
  return `${envelope}, id in ${messageIdIn}, ${numberForm}, type ${channelType}`;
}

const shared = ['messageIdIn', 'numberForm', 'channelType'] as const;

function toFindings(
  found: Contract,
  configured: Contract,
  envelope: Trial['envelope'],
  sure: ProbeFinding['sure'],
): ProbeFinding[] {
  return [envelope, ...shared].map(name => toFinding(`contract.${name}`, found[name], sure, configured[name]));
}
