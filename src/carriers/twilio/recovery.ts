import type twilioLibrary from 'twilio';
import type {MessageInstance} from 'twilio/lib/rest/api/v2010/account/message.js';
import {isSenderName} from '../../core/address.ts';
import type {Media} from '../../core/message.ts';
import type {CarrierContext} from '../carrier.ts';
import {ApiFault, isAboutThisOne} from './api-fault.ts';
import type {TwilioOptions} from './options.ts';
import {createPoolNumbers, toOwned} from './pool.ts';
import {toInboundPairs} from './resource.ts';
import {toInbound} from './wire.ts';

export interface RecoveryOptions {
  client: twilioLibrary.Twilio;
  settings: Omit<TwilioOptions['recovery'], 'sendsAfter' | 'sendsPerMinute'>;
  apiUrl: string;
  context: CarrierContext;
  /** Ids that this process has handed in already, by whatever way. */
  seen: {has(messageSid: string): boolean};
}

export interface Recovery {
  /** Begins with what came while nobody listened. */
  start(): void;
  stop(): Promise<void>;
  /** One round; resolves when it has taken in what it found, or its budget is spent. */
  run(): Promise<void>;
}

/** Webhooks come first: younger texts are left to them. */
const graceMs = 30_000;
/** A text may show in the list later than its time says. */
const overlapMs = 600_000;

/**
 * Twilio tries an inbound webhook once or so, then it is lost: what came to our numbers is listed and handed in like a webhook's text. The store
 * knows those it has. Oldest first, so that a phone's texts keep their order; what the budget leaves is for the next round.
 */
export function createRecovery({client, settings, apiUrl, context, seen}: RecoveryOptions): Recovery {
  const {name, now, noise, log, events} = context;
  const done = new Map<string, {until: number; complete: boolean}>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let budget = 0;
  let found = 0;
  /** How many texts' files in this round. */
  let asked = 0;
  /** With whom the next round begins, so that none waits for ever for what others leave of the budget. */
  let first: string | undefined;
  const listEntries = () => context.entries?.() ?? [];
  const pools = createPoolNumbers({client, listEntries, isStopped: () => stopped, warn});

  async function run(): Promise<void> {
    budget = settings.requests;
    found = 0;
    asked = 0;
    const until = now() - graceMs;
    budget -= await pools.refresh(budget / 2);
    const addresses = listAddresses();
    for (const [index, address] of addresses.entries()) {
      if ((await recover(address, until)) && budget > 0) continue;
      // Who was cut short has the whole budget next; who had it is followed by the others.
      first = addresses[Math.max(index, 1)];
      break;
    }
    if (found > 0) log.info('twilio.recovered', {carrier: name, found});
  }

  function listAddresses(): string[] {
    const own = (context.addresses?.() ?? []).filter(address => !isSenderName(address));
    const all = [...new Set([...own, ...pools.list()])];
    const from = first === undefined ? 0 : Math.max(all.indexOf(first), 0);
    return [...all.slice(from), ...all.slice(0, from)];
  }

  function warn(from: string, fault: unknown): void {
    const why = fault instanceof ApiFault ? fault.message : fault instanceof Error ? fault.name : 'a fault';
    log.warn('twilio.recovery_failed', {carrier: name, from, why});
  }

  /** False: the others would fare no better now. */
  async function recover(address: string, until: number): Promise<boolean> {
    try {
      await recoverRange(address, beginningOf(address), until);
      if (done.get(address)?.until === until) done.set(address, {until, complete: true});
      return true;
    } catch (fault) {
      warn(address, fault);
      return isAboutThisOne(fault);
    }
  }

  /** The overlap is looked at again only when nothing older is left to do: otherwise a small budget would never get past it. */
  function beginningOf(address: string): number {
    const before = done.get(address);
    if (before === undefined) return now() - settings.lookBack;
    return before.complete ? before.until - overlapMs : before.until;
  }

  /** A full page means that there is more: the older half is taken first. */
  async function recoverRange(address: string, from: number, until: number): Promise<void> {
    if (stopped || budget <= 0) return;
    const splittable = until - from >= 2000;
    const messages = await list(address, from, until, splittable ? settings.pageSize : settings.pageSize * budget);
    if (splittable && messages.length >= settings.pageSize) {
      const middle = Math.floor((from + until) / 2000) * 1000;
      await recoverRange(address, from, middle);
      return recoverRange(address, middle, until);
    }
    for (const message of messages.toReversed()) {
      if (stopped || (costs(message) && budget <= 0 && asked > 0)) return;
      await take(message);
    }
    done.set(address, {until, complete: false});
  }

  /** Its files are asked for by a call of their own: at least once in a round, or one whose lists take the whole budget would never get on. */
  function costs({sid, direction, numMedia}: MessageInstance): boolean {
    return direction === 'inbound' && Number(numMedia) > 0 && !seen.has(sid);
  }

  async function list(address: string, from: number, until: number, limit: number): Promise<MessageInstance[]> {
    const {pageSize} = settings;
    const messages = await client.messages.list({
      to: address,
      dateSentAfter: new Date(from),
      dateSentBefore: new Date(until),
      pageSize,
      limit,
    });
    budget -= Math.max(1, Math.ceil(messages.length / pageSize));
    return messages;
  }

  async function take(message: MessageInstance): Promise<void> {
    if (message.direction !== 'inbound' || seen.has(message.sid)) return;
    const media = Number(message.numMedia) > 0 ? await listMedia(message) : [];
    const event = toInbound(toInboundPairs(message, media), (message.dateSent ?? message.dateCreated).getTime());
    if (event === undefined) return;
    const owned = toOwned(event, pools.serviceOf(event.to), listEntries());
    if ((await events.inbound(owned)) === 'stored') found += 1;
  }

  async function listMedia(message: MessageInstance): Promise<Media[]> {
    budget -= 1;
    asked += 1;
    try {
      const files = await client.messages(message.sid).media.list({limit: 10});
      return files.map(({uri, contentType}) => ({url: apiUrl + uri.replace(/\.json$/, ''), contentType}));
    } catch (fault) {
      // The text is worth more than its files: what Twilio will not show must not keep it, and all after it, from being taken in.
      if (isAboutThisOne(fault)) return [];
      throw fault;
    }
  }

  function schedule(inMs: number): void {
    timer = setTimeout(() => {
      running = run().then(() => {
        if (!stopped) schedule(settings.every * (0.9 + noise() / 5));
      });
    }, inMs);
    timer.unref();
  }

  return {
    run,
    start() {
      if (settings.enabled) schedule(0);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
