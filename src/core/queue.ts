import type {JobKind, Priority} from './message.ts';

/**
 * A queue is what is claimed, paused and parked as one. A claimer names the queues it wants, in the order it wants them:
 * fairness between channels, priorities and the stop button are choices of queues, never conditions in a claim.
 */
export interface Queue {
  kind: JobKind;
  platform: string;
  channel: string;
  /** The carrier for outbound; empty for posts to the platform. */
  carrier: string;
  /** Posts have no priority of their own: always `interactive`. */
  priority: Priority;
}

const separator = '|';

/** The queue's name in the store: `outbound|acme|16504661149|smsc-a|bulk`. Names of parts hold no `|` (config.ts sees to it). */
export function toQueueName(queue: Queue): string {
  return [queue.kind, queue.platform, queue.channel, queue.carrier, queue.priority].join(separator);
}

export function outboundQueue(platform: string, channel: string, carrier: string, priority: Priority): string {
  return toQueueName({kind: 'outbound', platform, channel, carrier, priority});
}

export function postQueue(kind: 'inbound' | 'receipt', platform: string, channel: string): string {
  return toQueueName({kind, platform, channel, carrier: '', priority: 'interactive'});
}

/** The second part of a queue's name, for where whole names are too many to take apart. */
export function platformOf(name: string): string {
  const from = name.indexOf(separator) + 1;
  return name.slice(from, name.indexOf(separator, from));
}

/** The destination that serves a queue: a carrier, or a platform with one kind of post. */
export function toDestination(queue: string): string {
  const {kind, platform, carrier} = parseQueueName(queue);
  return kind === 'outbound' ? carrierDestination(carrier) : platformDestination(kind, platform);
}

export function carrierDestination(carrier: string): string {
  return `carrier ${carrier}`;
}

export function platformDestination(kind: 'inbound' | 'receipt', platform: string): string {
  return `${kind} ${platform}`;
}

export function parseQueueName(name: string): Queue {
  const [kind, platform, channel, carrier, priority] = name.split(separator) as [
    JobKind,
    string,
    string,
    string,
    Priority,
  ];
  return {kind, platform, channel, carrier, priority};
}
