import {type DestinationStream, destination as openDestination, pino} from 'pino';
import {maskPhone} from './core/address.ts';
import type {Log, LogFields} from './core/log.ts';

export interface LogOptions {
  level: 'debug' | 'info' | 'warn' | 'error';
  /** Lines for people instead of JSON: for a terminal. */
  pretty: boolean;
  /** Where whole lines go; stdout unless given. */
  destination?: DestinationStream;
}

export interface GatewayLog extends Log {
  /** The same log with these fields in every line. */
  child(fields: LogFields): GatewayLog;
}

const phoneFields: readonly string[] = ['phone', 'from', 'to'];
/** Never a secret or a text, should one get here all the same. */
const hiddenFields = /^(text|body|raw|authorization|.*(secret|password|token|apikey))$/i;
const phoneInside = /\+\d{7,15}/g;
/** Carriers write numbers without a plus into their reasons; ids and times have fields of their own. */
const wordFields = /^(why|reason|message|detail|advice)$/;
const phoneInWords = /\+?\d{8,15}/g;
/** What a slow reader of stdout may hold back; lines beyond it are dropped rather than memory filled. */
const maxHeldBytes = 8_388_608;
/** Lines are written together, none later than this; what somebody should look at takes those before it along at once. */
const gathered = {minLength: 8192, periodicFlush: 100};

/** One JSON object a line: `{"level":"warn","time":"…Z","event":"bind.lost","carrier":"smsc-a"}`. */
export function createLog({level, pretty, destination}: LogOptions): GatewayLog {
  const {sink, flush} = destination === undefined ? openStdout(pretty) : {sink: destination, flush: () => undefined};
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {level: label => ({level: label})},
    },
    pretty ? {write: line => sink.write(toReadable(line))} : sink,
  );
  return wrap(logger, {}, flush);
}

/** On a terminal lines stay in order with those of others; elsewhere a slow reader must not hold up the gateway. */
function openStdout(pretty: boolean): {sink: DestinationStream; flush(): void} {
  const sink = openDestination({fd: 1, sync: pretty, maxLength: maxHeldBytes, ...(pretty ? {} : gathered)});
  return {sink, flush: () => sink.flush()};
}

type Logger = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

function wrap(logger: Logger, fixed: LogFields, flush: () => void): GatewayLog {
  const at = (level: keyof Logger) => (event: string, fields?: LogFields) => {
    logger[level]({event, ...toSafeFields({...fixed, ...fields})});
    if (level === 'warn' || level === 'error') flush();
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: fields => wrap(logger, {...fixed, ...fields}, flush),
  };
}

/** Scalars only: a library's error object carries requests, and those carry secrets. Phones are masked. */
export function toSafeFields(fields: LogFields): LogFields {
  const safe: LogFields = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    safe[reserved.includes(key) ? `${key}_` : key] = toSafeValue(key, value);
  }
  return safe;
}

const reserved: readonly string[] = ['level', 'time', 'event', 'msg'];

function toSafeValue(key: string, value: unknown): string | number | boolean {
  if (hiddenFields.test(key)) return '[hidden]';
  if (phoneFields.includes(key)) return maskPhone(String(value));
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return '[not shown]';
  return value.replace(wordFields.test(key) ? phoneInWords : phoneInside, maskPhone);
}

/** `23:05:08.123 warn  bind.lost  carrier=smsc-a reason="closed by peer"` */
function toReadable(line: string): string {
  const {level, time, event, ...fields}: Record<string, unknown> = JSON.parse(line);
  const clock = String(time).slice(11, 23);
  const shown = Object.entries(fields).map(([key, value]) => `${key}=${toWord(value)}`);
  return `${[clock, String(level).padEnd(5), String(event), ...shown].join(' ')}\n`;
}

function toWord(value: unknown): string {
  const text = String(value);
  return /^[\w.:/+*@-]+$/.test(text) ? text : JSON.stringify(text);
}
