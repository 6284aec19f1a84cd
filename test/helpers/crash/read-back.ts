import {made} from '../../../src/sandbox/peers.ts';
import type {ApiMessage} from '../world.ts';

/** What the management API knows of a message, as the checks need it. */
export type Known = ApiMessage & {direction: 'outbound' | 'inbound'; channel: string; acceptedAt: number};

export interface ReadBack {
  /** What waits or is under way, as words; none when all is idle. */
  busy(): Promise<string[]>;
  all(direction: 'outbound' | 'inbound'): Promise<Known[]>;
  deadLetters(): Promise<Array<{messageId: string; reason: string}>>;
}

const busyStates = ['accepted', 'sending'] as const;

export function createReadBack(managementPort: number): ReadBack {
  async function get<Body>(path: string): Promise<Body> {
    const response = await fetch(`http://127.0.0.1:${managementPort}${path}`, {
      headers: {authorization: `Bearer ${made.token}`},
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }

  async function pages<Key extends string, Item>(path: string, key: Key): Promise<Item[]> {
    const items: Item[] = [];
    for (let before = ''; ; ) {
      const page = await get<Record<Key, Item[]> & {next: string | null}>(`${path}limit=200${before}`);
      items.push(...page[key]);
      if (page.next === null) return items;
      before = `&before=${encodeURIComponent(page.next)}`;
    }
  }

  return {
    async busy() {
      const found: string[] = [];
      for (const state of busyStates) {
        const {messages} = await get<{messages: Known[]}>(`/api/messages?state=${state}&limit=1`);
        found.push(...messages.map(message => `${state}: ${JSON.stringify(message)}`));
      }
      const {queues} = await get<{queues: Array<{queue: string; waiting: number}>}>('/api/carriers');
      const waiting = queues.filter(each => each.waiting > 0);
      return [...found, ...waiting.map(each => `${each.waiting} in ${each.queue}`)];
    },
    all: direction => pages(`/api/messages?direction=${direction}&`, 'messages'),
    deadLetters: () => pages('/api/dead-letters?', 'deadLetters'),
  };
}
