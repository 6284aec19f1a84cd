import {once} from 'node:events';
import {Worker} from 'node:worker_threads';
import {made, type Peers, startPeers} from '../../src/sandbox/peers.ts';
import type {SmscEvent} from '../../src/sandbox/smsc.ts';
import type {Submits} from './smsc-worker.ts';

/** Channels beside the sandbox's two, for a gateway that asks for them. */
export const moreChannels = ['16504661151', '16504661152', '16504661153', '16504661154'] as const;

/** What the parties outside saw, as it happens. */
export interface Witness {
  /** Unix ms with fractions. */
  submitted?(phone: string, at: number): void;
  /** The SMSC itself was away for so long (ms): what came meanwhile looks so much later. */
  away?(ms: number): void;
  /** Nexus took a receipt. */
  receipt?(phone: string, status: string): void;
  /** Nexus took a text from a phone. */
  inbound?(phone: string): void;
  /** Twilio's callback was answered. */
  calledBack?(phone: string, status: string, answer: number): void;
}

export interface BenchPeers extends Peers {
  witnesses: Set<Witness>;
}

/** The parties outside, which remember nothing and tell what they see. */
export async function startBenchPeers(...first: Witness[]): Promise<BenchPeers> {
  const witnesses = new Set(first);
  const {webhookSecret, apiSecret} = made;
  const names = [made.smppChannel, made.twilioChannel, ...moreChannels];

  function onSmsc(event: SmscEvent): void {
    if (event.event !== 'submit') return;
    const {message, at} = event.submit;
    for (const each of witnesses) each.submitted?.(message.destination, at);
  }

  const peers = await startPeers({
    nexus: {
      keep: 1,
      channels: names.map(channelId => ({channelId, webhookSecret, apiSecret})),
      onEvent({kind, raw, accepted}) {
        if (!accepted) return;
        const text = raw.toString('latin1');
        if (kind === 'messages') for (const each of witnesses) each.inbound?.(toMatch(text, /"from":\{"id":"([^"]+)"/));
        if (kind !== 'receipts') return;
        const [phone, status] = [toMatch(text, /"to":\{"id":"([^"]+)"/), toMatch(text, /"status":"(\w+)"/)];
        for (const each of witnesses) each.receipt?.(phone, status);
      },
    },
    smsc: {remember: false, onEvent: onSmsc},
    twilio: {
      statusDelayMs: 0,
      onEvent(event) {
        const {To: phone} = event.message;
        for (const each of witnesses) {
          if (event.event === 'created') each.submitted?.(phone, event.message.at);
          else each.calledBack?.(phone, event.status, event.answer.status);
        }
      },
    },
  });
  return {...peers, witnesses};
}

function toMatch(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? '';
}

/** The same with the SMSC in a thread of its own: for who asks when exactly a submit_sm came. It takes submissions only. */
export async function startPreciseBenchPeers(...first: Witness[]): Promise<BenchPeers> {
  const peers = await startBenchPeers(...first);
  const worker = new Worker(new URL('smsc-worker.ts', import.meta.url));
  const [port] = await once(worker, 'message');
  worker.on('message', ({seen, awayMs}: Submits) => {
    for (const each of peers.witnesses) {
      each.away?.(awayMs);
      for (const {phone, at} of seen) each.submitted?.(phone, at);
    }
  });
  return {
    ...peers,
    smsc: {...peers.smsc, port},
    async stop() {
      await Promise.all([peers.stop(), worker.terminate()]);
    },
  };
}
