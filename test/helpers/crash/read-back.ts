import {made} from '../../../src/sandbox/peers.ts';
import type {ApiMessage} from '../world.ts';

/** What the management API knows of a message, as the checks need it. */
export type Known = ApiMessage & {direction: 'outbound' | 'inbound'; channel: string; acceptedAt: number};

export interface ReadBack {
  /** Nothing waits, nothing is under way. */
  isIdle(): Promise<boolean>;
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
    async isIdle() {
      for (const state of busyStates) {
        const {messages} = await get<{messages: Known[]}>(`/api/messages?state=${state}&limit=1`);
        if (messages.length > 0) return false;
      }
      const {queues} = await get<{queues: Array<{waiting: number}>}>('/api/carriers');
      return queues.every(({waiting}) => waiting === 0);
    },
    all: direction => pages(`/api/messages?direction=${direction}&`, 'messages'),
    deadLetters: () => pages('/api/dead-letters?', 'deadLetters'),
  };
}
