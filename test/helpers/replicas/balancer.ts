import {type PassOn, passOn} from '../pass-on.ts';

/** One address before several replicas: each connection goes to the next one that is in. */
export interface Balancer extends PassOn {
  add(port: number): void;
  remove(port: number): void;
}

export async function createBalancer(): Promise<Balancer> {
  const ports: number[] = [];
  let turn = 0;

  function next(): number | undefined {
    turn += 1;
    return ports[turn % Math.max(1, ports.length)];
  }

  return {
    ...(await passOn(next)),
    add: port => {
      ports.push(port);
    },
    remove(port) {
      const index = ports.indexOf(port);
      if (index >= 0) ports.splice(index, 1);
    },
  };
}
