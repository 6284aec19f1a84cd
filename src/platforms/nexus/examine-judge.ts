import type {Finding} from '../../core/examination.ts';
import type {Answer, Failure} from './client.ts';
import type {Contract} from './contract.ts';
import type {Answers} from './examine.ts';
import type {NexusOptions} from './options.ts';
import {toReportedUntil} from './report-only.ts';

/** Settings that are for a while only. */
export function judgeContract(
  name: string,
  {reportOnlyUntil}: Pick<Contract, 'reportOnlyUntil'>,
  now: number,
): Finding[] {
  if (reportOnlyUntil === undefined || Date.parse(reportOnlyUntil) < now) return [];
  const passes = toReportedUntil({reportOnlyUntil}, now) !== undefined;
  const message = passes
    ? `${name} lets webhooks with a wrong signature pass until ${reportOnlyUntil}: take contract.reportOnlyUntil out once the secrets fit.`
    : `${name} refuses wrong signatures although it says contract.reportOnlyUntil, which is more than a week ahead: take contract.reportOnlyUntil out, or name an earlier time.`;
  return [{level: 'warning', code: 'signature_report_only', message}];
}

/** What an empty call for each channel says of url, contact centre, paths and secrets. */
export function judgeAnswers(
  name: string,
  {url, contract}: Pick<NexusOptions, 'url' | 'contract'>,
  all: readonly Answers[],
): Finding[] {
  const inbounds = all.map(({inbound}) => inbound);
  const common = inbounds.map(answer => judgeSystem(name, url, answer));
  const [first] = common;
  if (first !== undefined && common.every(finding => finding?.code === first.code)) return [first];
  if (inbounds.length > 0 && inbounds.every(isNotFound)) return [toNotFound(name, contract, all)];
  const receipts = all.filter(({inbound}) => !isNotFound(inbound)).map(({receipt}) => receipt);
  const noReceipts = receipts.length > 0 && receipts.every(isNotFound);
  return [
    ...all.map(({channel, inbound}, index) =>
      isStatus(inbound, 403) ? toForbidden(name, channel) : (common[index] ?? judgeChannel(name, channel, inbound)),
    ),
    ...(noReceipts ? [toWrongPath(name, 'receiptPath', contract.receiptPath)] : []),
  ];
}

/** What is wrong with the whole system, whatever the channel. */
function judgeSystem(name: string, url: string, answer: Answer | Failure): Finding | undefined {
  if ('failed' in answer) {
    const message = `${name} can't be reached at ${url} (${answer.code}): check url, network, proxy and certificate.`;
    return {level: 'problem', code: 'nexus_unreachable', message};
  }
  const {status, contentType = ''} = answer;
  if (status === 403) {
    const message = `${name} refuses our calls (403): check ccid, apiSecret, and contract.apiKey where something in front asks for a key.`;
    return {level: 'problem', code: 'nexus_forbidden', message};
  }
  if (contentType.includes('html') || (status >= 300 && status < 400)) {
    const message = `${url} answers with a web page (${status}), not as Digital Channels: check url; a log-in page or proxy may stand in between.`;
    return {level: 'problem', code: 'nexus_web_page', message};
  }
  if (status >= 500 || status === 408 || status === 429) {
    const message = `${name} answers ${status}: it fails or is overloaded; its operators see why in its log.`;
    return {level: 'problem', code: 'nexus_failing', message};
  }
  return undefined;
}

function judgeChannel(name: string, channel: string, answer: Answer | Failure): Finding {
  if (isStatus(answer, 401)) {
    const message = `${name} refuses the signature of channel ${channel}: its apiSecret is not api.secret of the service Async. Compare the two, or run provision apply --rewrite. It counts as hubpp_webhook_invalid_signature_total there.`;
    return {level: 'problem', code: 'nexus_api_secret', message};
  }
  if (isNotFound(answer)) {
    const message = `${name} knows no channel ${channel}: it is not in the service Async. Run provision apply.`;
    return {level: 'problem', code: 'nexus_channel_unknown', message};
  }
  return {level: 'ok', code: 'nexus_channel', message: `${name} takes signed calls of channel ${channel}.`};
}

/** Others are not: it is no key of all calls. */
function toForbidden(name: string, channel: string): Finding {
  const message = `${name} refuses the calls of channel ${channel} (403), not those of every channel: compare its apiSecret with api.secret of the service Async.`;
  return {level: 'problem', code: 'nexus_api_secret', message};
}

/** A path that takes receipts of a channel knows the channel; where nothing is found, either may be why. */
function toNotFound(
  name: string,
  {inboundPath}: Pick<NexusOptions['contract'], 'inboundPath'>,
  all: readonly Answers[],
): Finding {
  if (all.some(({receipt}) => 'status' in receipt && receipt.status < 500 && !isNotFound(receipt)))
    return toWrongPath(name, 'inboundPath', inboundPath);
  const channels = all.map(({channel}) => channel).join(', ');
  const message = `${name} has no ${inboundPath} for ${channels}: they are not in the service Async (run provision apply), or its url or contract.inboundPath is another (run probe for a channel that may be tried on).`;
  return {level: 'problem', code: 'nexus_not_found', message};
}

function toWrongPath(name: string, setting: string, path: string): Finding {
  const message = `${name} has no ${path}: it wants another contract.${setting}, or its url is another. Run probe for a channel that may be tried on.`;
  return {level: 'problem', code: `nexus_${setting === 'inboundPath' ? 'inbound' : 'receipt'}_path`, message};
}

function isNotFound(answer: Answer | Failure): boolean {
  return isStatus(answer, 404, 405);
}

function isStatus(answer: Answer | Failure, ...statuses: number[]): boolean {
  return !('failed' in answer) && statuses.includes(answer.status);
}
