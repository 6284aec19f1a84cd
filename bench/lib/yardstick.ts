import {postWebhooks} from './load.ts';
import {startPinned} from './pinned.ts';
import type {Rival} from './rounds.ts';

export interface Yardstick extends Rival {
  url: string;
  stop(): Promise<void>;
}

/** `bare.ts` on the gateway's core, under the same webhooks. */
export async function startYardstick({count, connections}: {count: number; connections: number}): Promise<Yardstick> {
  const child = startPinned(0, [new URL('bare.ts', import.meta.url).pathname]);
  const url = `http://127.0.0.1:${(await child.line(line => line.startsWith('port '))).slice(5)}`;
  return {
    name: 'bare',
    url,
    async run(round) {
      let taken = 0;
      const onAnswer = ({status}: {status: number}) => (taken += status === 200 ? 1 : 0);
      await postWebhooks({url, first: round * count, count, connections, onAnswer});
      if (taken !== count) throw new Error(`The bare server answered ${taken} of ${count} webhooks with 200.`);
    },
    cpuUs: child.cpuUs,
    loopUs: child.loopUs,
    residentBytes: child.residentBytes,
    stop: child.stop,
  };
}
