import type {Finding} from '../../core/examination.ts';
import {isLoopbackHost} from '../../core/host.ts';
import type {ExamineOwn} from '../carrier.ts';
import type {SmppOptions} from './options/schema.ts';
import type {End} from './session/session.ts';
import type {Settings} from './settings.ts';
import {describeStatus, status} from './status.ts';
import {defaultCodeMapping} from './status-defaults.ts';

/** How a spare bind went. */
export type Tried = {kind: 'bound'; roundTripMs: number} | {kind: 'failed'; end: End};

/** What can be said of the settings alone. */
export function judgeOptions(
  {bindType, tls}: Pick<SmppOptions, 'bindType' | 'tls'>,
  {name, addresses}: Pick<ExamineOwn, 'name' | 'addresses'>,
  hosts: Settings['hosts'],
): Finding[] {
  const findings: Finding[] = [];
  if (bindType === 'receiver' && addresses.length > 0) {
    const message = `${name} binds as receiver and its channels can send nothing: set bindType to transceiver or pair.`;
    findings.push({level: 'problem', code: 'smpp_cannot_send', message});
  }
  if (bindType === 'transmitter') {
    const message = `${name} binds as transmitter: texts from phones and receipts never come over it. Set bindType to transceiver or pair.`;
    findings.push({level: 'problem', code: 'smpp_cannot_receive', message});
  }
  if (tls === false && hosts.some(({host}) => !isLoopbackHost(host))) {
    const message = `${name} is plain TCP: password and texts cross the network readable. Set tls to true, or use a private line.`;
    findings.push({level: 'warning', code: 'smpp_plain', message});
  }
  if (typeof tls === 'object' && tls.acceptAnyCertificate) {
    const message = `${name} accepts any certificate: give tls.ca of the SMSC instead of acceptAnyCertificate.`;
    findings.push({level: 'warning', code: 'smpp_any_certificate', message});
  }
  return findings;
}

export function judgeBind(name: string, tried: Tried, serving: boolean): Finding {
  if (tried.kind === 'bound') {
    return {
      level: 'ok',
      code: 'smpp_bind',
      message: `${name} takes the bind, in ${Math.ceil(tried.roundTripMs)} ms with the connection.`,
    };
  }
  const {refusal, why} = tried.end;
  if (refusal !== undefined) return judgeRefusal(name, refusal, serving);
  if (/does not speak TLS/.test(why)) return {level: 'problem', code: 'smpp_tls_mismatch', message: `${name}: ${why}.`};
  if (/not trusted/.test(why)) return {level: 'problem', code: 'smpp_certificate', message: `${name}: ${why}.`};
  if (/no answer to the bind/.test(why)) {
    const message = `${name} takes the connection and does not answer the bind: ask the SMSC's operator whether this address may bind, and whether the port is for TLS.`;
    return {level: 'problem', code: 'smpp_silent', message};
  }
  const message = `${name} can't be reached (${why}): check host, port and firewall, and that the SMSC allows this address.`;
  return {level: 'problem', code: 'smpp_unreachable', message};
}

function judgeRefusal(name: string, refusal: number, serving: boolean): Finding {
  const why = describeStatus(refusal, defaultCodeMapping);
  if (refusal === status.invalidPassword) {
    const message = `${name} refuses the bind (${why}): check password.`;
    return {level: 'problem', code: 'smpp_password', message};
  }
  if (refusal === status.invalidSystemId) {
    const message = `${name} refuses the bind (${why}): check systemId.`;
    return {level: 'problem', code: 'smpp_system_id', message};
  }
  if (refusal === status.invalidSystemType) {
    const message = `${name} refuses the bind (${why}): check systemType.`;
    return {level: 'problem', code: 'smpp_system_type', message};
  }
  if (serving) {
    const message = `${name} allows no bind beside those of the running gateway (${why}), so that the file's credentials could not be tried.`;
    return {level: 'unknown', code: 'smpp_no_spare_bind', message};
  }
  const message = `${name} refuses the bind (${why}): ask its operator how many binds the account has, of which type, and from which addresses.`;
  return {level: 'problem', code: 'smpp_bind_refused', message};
}

/** Answers that take as long as the bind's would hold the account below its pace. */
export function judgePace(
  {binds, window, messagesPerSecond}: Pick<SmppOptions, 'binds' | 'window' | 'messagesPerSecond'>,
  name: string,
  roundTripMs: number,
): Finding[] {
  const most = Math.floor((binds * window * 1000) / roundTripMs);
  if (most >= messagesPerSecond) {
    const message = `${name} sends ${messagesPerSecond} segments a second at most; ${binds} × ${window} in flight carry that.`;
    return [{level: 'ok', code: 'smpp_pace', message}];
  }
  const message = `${name} may send ${messagesPerSecond} segments a second, but ${binds} binds of window ${window} carry about ${most} at its ${Math.ceil(roundTripMs)} ms: raise window or binds, or lower messagesPerSecond.`;
  return [{level: 'warning', code: 'smpp_window', message}];
}
