import type {HealthStatus} from '../core/breaker.ts';
import {parseQueueName} from '../core/queue.ts';
import type {Pump} from './pump.ts';

/** Where jobs go: a carrier, or a platform with one kind of post. */
export interface Destination {
  pump: Pump;
  /** Tries one job of a parked queue; true when it may be opened again. */
  probe(queue: string): Promise<boolean>;
  /** Of each URL or account behind it that was tried. */
  health(): HealthStatus[];
  /** The settings behind it are others. */
  renew(): void;
  stop(): Promise<void>;
}

export function carrierKey(carrier: string): string {
  return `carrier ${carrier}`;
}

export function platformKey(kind: 'inbound' | 'receipt', platform: string): string {
  return `${kind} ${platform}`;
}

/** The destination that serves a queue. */
export function toDestinationKey(queue: string): string {
  const {kind, platform, carrier} = parseQueueName(queue);
  return kind === 'outbound' ? carrierKey(carrier) : platformKey(kind, platform);
}
