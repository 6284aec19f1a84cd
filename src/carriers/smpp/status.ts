import type {Reason, ReasonCode} from '../../core/message.ts';
import type {Outcome} from '../../core/outcome.ts';
import type {Pdu} from './codec.ts';
import type {CodeMapping, GenericError} from './status-defaults.ts';

export const status = {
  ok: 0x00,
  invalidMessageLength: 0x01,
  invalidCommandLength: 0x02,
  invalidCommand: 0x03,
  invalidBindStatus: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  invalidSource: 0x0a,
  invalidDestination: 0x0b,
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  invalidSystemType: 0x53,
  throttled: 0x58,
  temporaryAppError: 0x64,
} as const;

/** Refusals of what the operator wrote down, not of one text. */
const accountCodes: readonly number[] = [0x0a, 0x15, 0x48, 0x49, 0x53, 0x100, 0x101, 0x103];
/** They tell of the SMSC, or of our link to it; all others of one text. */
const illCodes: readonly number[] = [
  ...[status.invalidBindStatus, status.alreadyBound, status.systemError],
  ...[status.bindFailed, status.invalidPassword, status.invalidSystemId],
];
const throttles = new Set(['THROTTLED', 'CARRIER_CONGESTED']);
const credentials: readonly number[] = [status.invalidPassword, status.invalidSystemId, status.invalidSystemType];

const reasonCodes: Readonly<Record<string, ReasonCode>> = {
  THROTTLED: 'RateLimited',
  CARRIER_CONGESTED: 'RateLimited',
  DEST_ADDR_INVALID: 'InvalidDestination',
  SOURCE_ADDR_INVALID: 'MessageNotAllowed',
  AUTHENTICATION_FAILED: 'ServerError',
  MESSAGE_DATA_INVALID: 'InvalidMessageStructure',
  MESSAGE_ID_INVALID: 'UnknownMessage',
  PRIORITY_INVALID: 'InvalidMessageStructure',
  TIME_PERIOD_INVALID: 'InvalidMessageStructure',
  OTHER_TEMPORARY_FAILURE: 'ServerError',
  RECIPIENT_OPTED_OUT: 'RecipientOptedOut',
};

/** What a command_status other than 0 says about one submission (SMPP 3.4 5.1.3, the account's mapping). */
export function toSubmitOutcome(code: number, mapping: CodeMapping): Exclude<Outcome, {kind: 'taken' | 'unknown'}> {
  const entry = mapping[code];
  const reason = toReason(code, entry);
  const detail = {commandStatus: formatStatus(code)};
  if (entry?.genericErrorCode !== 2) {
    const account = accountCodes.includes(code) || entry?.genericErrorCause === 'SOURCE_ADDR_INVALID';
    return {kind: 'refused', scope: account ? 'account' : 'message', reason, detail};
  }
  if (throttles.has(entry.genericErrorCause)) return {kind: 'unavailable', scope: 'throttled', reason, detail};
  const well = illCodes.includes(code) ? {} : {isWell: true as const};
  return {kind: 'unavailable', scope: 'message', ...well, reason, detail};
}

/** Providers lock accounts that keep knocking with a wrong password. */
export function isCredentialsRefusal(code: number): boolean {
  return credentials.includes(code);
}

/** The SMSC lost its place in the stream, or is not well: the segment itself was not looked at. */
const nacksOfFraming: readonly number[] = [
  status.ok,
  status.invalidCommandLength,
  status.invalidCommand,
  status.systemError,
];

export function isFramingNack({command, status: code}: Pick<Pdu, 'command' | 'status'>): boolean {
  return command === 'generic_nack' && nacksOfFraming.includes(code);
}

/** The answer tells of the SMSC that gave it, not of one text, as it does where the account's mapping calls it final. */
export function isIll(answer: Pick<Pdu, 'command' | 'status'>, mapping: CodeMapping): boolean {
  const isTemporary = mapping[answer.status]?.genericErrorCode === 2;
  return (isTemporary && illCodes.includes(answer.status)) || isFramingNack(answer);
}

/** Refusals that say the link is not bound as we think: it is replaced. */
export function isSessionFault(code: number): boolean {
  return code === status.invalidBindStatus || code === status.bindFailed || credentials.includes(code);
}

export function describeStatus(code: number, mapping: CodeMapping): string {
  const words = mapping[code]?.description;
  return words === undefined ? formatStatus(code) : `${formatStatus(code)} ${words}`;
}

export function formatStatus(code: number): string {
  return `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;
}

export function toReasonCode(cause: string): ReasonCode {
  return reasonCodes[cause] ?? 'GeneralError';
}

function toReason(code: number, entry: GenericError | undefined): Reason {
  const words =
    entry?.description ?? 'a code of this SMSC: ask its operator, and name it in protocolSpecificCodeMapping';
  return {code: toReasonCode(entry?.genericErrorCause ?? ''), message: `${formatStatus(code)} ${words}`};
}
