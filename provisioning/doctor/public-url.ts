import {isLoopbackHost, isPrivateHost} from '../../src/core/host.ts';
import {type Finding, ok, problem} from './finding.ts';
import type {WebhookAnswer} from './webhook.ts';

/** What the webhook of one channel answered, called from outside. */
export interface WebhookFacts {
  channel: string;
  url: string;
  /** Signed with each secret of the file. */
  signed: readonly WebhookAnswer[];
  /** Signed with a secret that is none. */
  forged: WebhookAnswer;
  /** The first signed call again, at the port itself instead of `publicUrl`; undefined when that was not needed. */
  direct: WebhookAnswer | undefined;
}

/** Whether those who call us can reach that address at all. Pure. */
export function judgeAddress(publicUrl: string | undefined, callers: readonly string[]): Finding[] {
  if (publicUrl === undefined) {
    const message =
      'publicUrl is not in the file: write where Nexus and Twilio reach this gateway, as https://sms-gateway.example.com.';
    return [problem('public_url_missing', message)];
  }
  const {hostname} = new URL(publicUrl);
  const far = callers.filter(host => !isWithinReach(hostname, host));
  if (far.length === 0) return [];
  const message = `publicUrl is ${hostname}, which ${far.join(', ')} can't reach from outside: give the address of the proxy in front.`;
  return [problem('public_url_private', message)];
}

/** A private network may be theirs too; Twilio is never in one. */
function isWithinReach(ours: string, caller: string): boolean {
  if (isLoopbackHost(ours)) return isLoopbackHost(caller);
  return !isPrivateHost(ours) || !/(^|\.)twilio\.com$/.test(caller);
}

/** The signature round trip: the right secret opens, a wrong one does not, and it is this gateway that answers. Pure. */
export function judgeWebhook({channel, url, signed, forged, direct}: WebhookFacts): Finding[] {
  const findings = signed.map((answer, index) => judgeSigned(channel, url, {answer, index, direct}));
  const wrong = findings.find(finding => finding !== undefined);
  if (wrong !== undefined) return [wrong];
  if (forged.kind === 'answer' && forged.status === 200) {
    const message = `The webhook of channel ${channel} lets a wrong signature pass: take contract.reportOnlyUntil out.`;
    return [problem('signature_not_checked', message)];
  }
  return [ok('webhook', `The webhook of channel ${channel} is ours, opens to its secret and to no other.`)];
}

interface Signed {
  answer: WebhookAnswer;
  index: number;
  direct: WebhookAnswer | undefined;
}

function judgeSigned(channel: string, url: string, {answer, index, direct}: Signed): Finding | undefined {
  if (answer.kind === 'none') return judgeSilence(url, answer.code);
  const {status, messageId, refusal} = answer;
  if (status === 200 && messageId !== undefined) return undefined;
  if (refusal === 'unknown_channel' || refusal === 'channel_removed') {
    const message = `The running gateway has no channel ${channel}: reload it (SIGHUP or POST /api/reload) to take the file over.`;
    return problem('webhook_channel', message);
  }
  if (refusal === 'header_wrong') {
    const message = `The running gateway does not take the headers that the file requires of channel ${channel}: it has read other values, or a proxy in front takes them away; reload it (SIGHUP or POST /api/reload).`;
    return problem('webhook_header', message);
  }
  if (isSignatureRefused(answer)) return judgeSignature(channel, url, {answer, index, direct});
  if (status === 401) {
    const message = `Something in front of ${url} asks for a log-in (401), which Nexus does not have: let calls for this path pass without one.`;
    return problem('public_url_login', message);
  }
  if (refusal === 'not_stored') {
    return problem('webhook_not_stored', `The gateway stores nothing now (503): see to its disk.`);
  }
  if (status >= 300 && status < 400) {
    const message = `${url} redirects (${status}), which Nexus and Twilio do not follow with a body: give the address it leads to as publicUrl.`;
    return problem('public_url_redirects', message);
  }
  if (status >= 502 && status <= 504) {
    const message = `What stands in front of ${url} does not reach the gateway (${status}): check the proxy's target and that the gateway runs.`;
    return problem('public_url_proxy', message);
  }
  const message = `Something else answers at ${url} (${status}): point the proxy for this path at the gateway's public port.`;
  return problem('public_url_not_ours', message);
}

/** By 503 too while a secret changes (`contract.badSignatureStatus`). */
export function isSignatureRefused(answer: WebhookAnswer | undefined): boolean {
  return answer?.kind === 'answer' && answer.refusal?.startsWith('signature_') === true;
}

function judgeSignature(channel: string, url: string, {answer, index, direct}: Signed): Finding {
  if (answer.kind === 'answer' && answer.refusal === 'signature_absent') {
    const message = `A proxy in front of ${url} takes the header X-Hub-Signature away, without which every webhook is refused: have it pass all headers on.`;
    return problem('public_url_header', message);
  }
  if (direct?.kind === 'answer' && direct.status === 200) {
    // In Nexus' form a refusal does not say which of them it is.
    const may = answer.kind === 'answer' && answer.refusal === 'signature_refused' ? ' or takes a header away' : '';
    const message = `${url} refuses a signature that the gateway itself takes: a proxy in front changes the body${may}. Have it pass the very bytes${may && ' and all headers'} on.`;
    return problem('public_url_rewrites', message);
  }
  const which = index === 0 ? 'webhookSecret' : `webhookSecret number ${index + 1}`;
  const message = `The running gateway does not take the ${which} of channel ${channel}: it has read another; reload it (SIGHUP or POST /api/reload).`;
  return problem('webhook_secret', message);
}

function judgeSilence(url: string, code: string): Finding {
  const message = `${url} can't be reached from here (${code}): check DNS, proxy, certificate and firewall. If only this machine may not call it, look from another.`;
  return problem('public_url_unreachable', message);
}
