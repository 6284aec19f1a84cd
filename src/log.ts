import {type DestinationStream, pino} from 'pino';
import {maskPhone} from './core/address.ts';
import type {Log, LogFields} from './core/log.ts';
import {openPipe, openTerminal} from './log-stdout.ts';

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

/** One JSON object a line: `{"level":"warn","time":"…Z","event":"bind.lost","carrier":"smsc-a"}`. */
export function createLog({level, pretty, destination}: LogOptions): GatewayLog {
  const {sink, flush} = openSink(pretty, destination);
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

function openSink(pretty: boolean, destination: DestinationStream | undefined) {
  if (destination !== undefined) return {sink: destination, flush: () => undefined};
  return pretty ? openTerminal() : openPipe();
}

type Level = LogOptions['level'];
type Logger = Pick<pino.Logger, Level | 'isLevelEnabled'>;

function wrap(logger: Logger, fixed: LogFields, flush: () => void): GatewayLog {
  const isFixed = Object.keys(fixed).length > 0;
  const at = (level: Level) => {
    if (!logger.isLevelEnabled(level)) return () => undefined;
    return (event: string, fields: LogFields = {}) => {
      logger[level](addSafe({event}, isFixed ? {...fixed, ...fields} : fields));
      if (level === 'warn' || level === 'error') flush();
    };
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
  return addSafe({}, fields);
}

const reserved: readonly string[] = ['level', 'time', 'event', 'msg'];

function addSafe(line: LogFields, fields: LogFields): LogFields {
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (value === undefined) continue;
    const {name, holds} = kindOf(key);
    line[name] = toSafeValue(holds, value);
  }
  return line;
}

type Holds = 'secret' | 'phone' | 'words' | 'anything';

interface Kind {
  /** What the field is called in the line. */
  name: string;
  holds: Holds;
}

/** Names of fields are words of the code, but for a bound. */
const kinds = new Map<string, Kind>();
const mostKinds = 1000;

function kindOf(key: string): Kind {
  const known = kinds.get(key);
  if (known !== undefined) return known;
  const kind = {name: reserved.includes(key) ? `${key}_` : key, holds: toHolds(key)};
  if (kinds.size < mostKinds) kinds.set(key, kind);
  return kind;
}

function toHolds(key: string): Holds {
  if (hiddenFields.test(key)) return 'secret';
  if (phoneFields.includes(key)) return 'phone';
  return wordFields.test(key) ? 'words' : 'anything';
}

function toSafeValue(holds: Holds, value: unknown): string | number | boolean {
  if (holds === 'secret') return '[hidden]';
  if (holds === 'phone') return maskPhone(String(value));
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return '[not shown]';
  if (holds === 'words') return value.replace(phoneInWords, maskPhone);
  return value.includes('+') ? value.replace(phoneInside, maskPhone) : value;
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
