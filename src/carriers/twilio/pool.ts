import type twilioLibrary from 'twilio';
import type {CarrierEntry} from '../../core/channel.ts';
import type {InboundEvent} from '../../core/event.ts';
import {entry as entrySchema} from './options.ts';

/**
 * The senders of Messaging Services from whose pools an entry sends by `anySender`: phones answer to whichever number wrote to them, and nobody
 * else could get that. A pool that several entries use so is nobody's.
 */
function toOwners(entries: readonly CarrierEntry[]): Map<string, string> {
  const owners = new Map<string, Set<string>>();
  for (const {address, options} of entries) {
    const {messagingServiceSid, anySender} = entrySchema.parse(options);
    if (messagingServiceSid === undefined || anySender !== true) continue;
    owners.set(messagingServiceSid, (owners.get(messagingServiceSid) ?? new Set()).add(address));
  }
  const lone = [...owners].flatMap(([sid, [owner, ...others]]) =>
    owner === undefined || others.length > 0 ? [] : [[sid, owner] as const],
  );
  return new Map(lone);
}

/** A text to a number of a pool as one to the entry that sends from it; one to an entry's own number stays that. */
export function toOwned(
  event: InboundEvent,
  serviceSid: string | undefined,
  entries: readonly CarrierEntry[],
): InboundEvent {
  if (serviceSid === undefined || entries.some(({address}) => address === event.to)) return event;
  const owner = toOwners(entries).get(serviceSid);
  return owner === undefined || prefixOf(owner) !== prefixOf(event.to) ? event : {...event, to: owner};
}

/** More numbers than a pool can have, in one answer. */
const pageSize = 1000;

/** The numbers of such pools, for whose missed texts Twilio is asked too. */
export interface PoolNumbers {
  /**
   * Asks for them, by two calls a pool and at most so many, of the pools that were asked longest ago; what can't be had is as it was. Returns how
   * many calls it took.
   */
  refresh(mostCalls: number): Promise<number>;
  list(): string[];
  serviceOf(address: string): string | undefined;
}

export interface PoolNumbersOptions {
  client: twilioLibrary.Twilio;
  listEntries(): readonly CarrierEntry[];
  isStopped(): boolean;
  warn(serviceSid: string, fault: unknown): void;
}

export function createPoolNumbers({client, listEntries, isStopped, warn}: PoolNumbersOptions): PoolNumbers {
  /** By pool, the one asked longest ago first. */
  let known = new Map<string, readonly string[]>();
  let services = new Map<string, string>();

  async function listNumbers(serviceSid: string): Promise<string[]> {
    const service = client.messaging.v1.services(serviceSid);
    const phones = (await service.phoneNumbers.list({pageSize})).map(({phoneNumber}) => phoneNumber);
    const codes = (await service.shortCodes.list({pageSize})).map(({shortCode}) => shortCode);
    return [...phones, ...codes];
  }

  async function ask(serviceSid: string): Promise<readonly string[]> {
    try {
      return await listNumbers(serviceSid);
    } catch (fault) {
      warn(serviceSid, fault);
      return known.get(serviceSid) ?? [];
    }
  }

  return {
    async refresh(mostCalls) {
      // A pool has numbers for SMS; WhatsApp senders of its are not listed there.
      const pools = [...toOwners(listEntries())].filter(([, owner]) => prefixOf(owner) === '').map(([sid]) => sid);
      const unknown = pools.filter(sid => !known.has(sid));
      const inTurn = [...unknown, ...[...known.keys()].filter(sid => pools.includes(sid))];
      const asked = inTurn.slice(0, Math.floor(mostCalls / 2));
      const found = new Map([...known].filter(([sid]) => pools.includes(sid) && !asked.includes(sid)));
      for (const sid of asked) {
        if (isStopped()) break;
        found.set(sid, await ask(sid));
      }
      known = found;
      services = new Map([...known].flatMap(([sid, addresses]) => addresses.map(address => [address, sid] as const)));
      return asked.length * 2;
    },
    list: () => [...services.keys()],
    serviceOf: address => services.get(address),
  };
}

function prefixOf(address: string): string {
  return /^[a-z]+:/i.exec(address)?.[0] ?? '';
}
