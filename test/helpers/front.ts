import {type PassOn, passOn} from './pass-on.ts';

/** A balancer's address that outlives the process behind it: webhooks keep one URL while gateways are killed and started. */
export interface Front extends PassOn {
  /** Where connections go from now on; undefined: they are refused. */
  target(port: number | undefined): void;
}

export async function createFront(): Promise<Front> {
  let target: number | undefined;
  return {
    ...(await passOn(() => target)),
    target(next) {
      target = next;
    },
  };
}
