import type {HealthStatus} from '../core/breaker.ts';
import type {JobKind} from '../core/message.ts';
import type {Pump} from './pump.ts';

/** Where jobs go: a carrier, or a platform with one kind of post. */
export interface Destination {
  kind: JobKind;
  pump: Pump;
  /** Tries one job of a parked queue; true when it may be opened again. */
  probe(queue: string): Promise<boolean>;
  /** Of each URL or account behind it that was tried. */
  health(): HealthStatus[];
  /** The settings behind it are others. */
  renew(): void;
  stop(): Promise<void>;
}
