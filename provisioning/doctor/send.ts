import {randomUUID} from 'node:crypto';
import {setTimeout} from 'node:timers/promises';
import {z} from 'zod';
import type {Config} from '../../src/config.ts';
import {ProvisionError} from '../setup/target.ts';
import type {ManagementPlace} from './management.ts';
import {parse, toCode} from './management.ts';
import {toManner} from './manner.ts';
import {callWebhook} from './webhook.ts';
import {toWebhookPath} from './webhooks.ts';

/** One step of the text's journey. */
export interface Step {
  event: string;
  /** Ms since it was accepted. */
  sinceMs: number;
  detail: Readonly<Record<string, unknown>>;
}

export interface Rehearsal {
  /** Sends one text as if an agent had, by the running gateway; answers its messageId. Rejects with `ProvisionError`. */
  send(phone: string): Promise<string>;
  /** Tells each step as it happens, until its receipt was posted or the time is over; answers its state then. */
  follow(messageId: string, deadlineMs: number, tell: (step: Step) => void): Promise<string>;
}

const lookMs = 200;
const timeoutMs = 10_000;
const text = 'This is a test of our SMS service. You need not answer.';

const message = z.object({
  state: z.string(),
  acceptedAt: z.number(),
  events: z.array(z.object({at: z.number(), event: z.string(), detail: z.record(z.string(), z.unknown()).optional()})),
});

/** @param id the channel that sends; the file's first unless it is given */
export function createRehearsal(config: Config, management: ManagementPlace, id: string | undefined): Rehearsal {
  const channel = config.channels.find(one => id === undefined || one.id === id);
  if (channel === undefined)
    throw new ProvisionError('held back', `The file has no channel ${id ?? 'at all'}: say another with --channel.`);
  if (config.publicUrl === undefined)
    throw new ProvisionError('held back', 'publicUrl is not in the file: write it first.');
  const url = `${config.publicUrl}${toWebhookPath(channel.platform, channel.id)}`;

  return {
    async send(phone) {
      const secret = channel.webhookSecrets[0] ?? '';
      const body = JSON.stringify(toBody(channel.id, phone));
      const answer = await callWebhook({url, secret, manner: toManner(config, channel), body});
      if (answer.kind === 'answer' && answer.status === 200 && answer.messageId !== undefined) return answer.messageId;
      const why = answer.kind === 'none' ? answer.code : `${answer.status} ${answer.refusal ?? ''}`.trim();
      throw new ProvisionError(
        'unavailable',
        `${url} did not take the text (${why}): what doctor says without --send tells why.`,
      );
    },
    async follow(messageId, deadlineMs, tell) {
      const end = performance.now() + deadlineMs;
      let told = 0;
      for (;;) {
        const {state, acceptedAt, events} = await fetchMessage(management, messageId);
        for (const {event, at, detail = {}} of events.slice(told))
          tell({event, sinceMs: Math.max(0, at - acceptedAt), detail});
        told = events.length;
        if (events.some(({event, detail}) => event === 'posted' && detail?.of === 'receipt')) return state;
        if (performance.now() >= end) return state;
        await setTimeout(lookMs);
      }
    },
  };
}

/** An agent's text in the form of Genesys' normalized message. */
function toBody(channelId: string, phone: string) {
  const id = `doctor-${randomUUID()}`;
  const to = {id: phone.replace(/^\+/, ''), idType: 'Phone'};
  const channel = {id: channelId, type: 'sms', from: {id: channelId, idType: 'Phone'}, to};
  return {messages: [{id, channel, type: 'Text', text, direction: 'Outbound', originatingEntity: 'Human'}]};
}

async function fetchMessage({url, token = ''}: ManagementPlace, messageId: string): Promise<z.output<typeof message>> {
  try {
    const response = await fetch(`${url}/api/messages/${encodeURIComponent(messageId)}`, {
      headers: {authorization: `Bearer ${token}`},
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const read = message.safeParse(parse(await response.text()));
    if (read.success) return read.data;
    const why = `it does not show the message (${response.status}): check the token`;
    throw new ProvisionError('forbidden', `${url}: ${why}. The text may have left.`);
  } catch (error) {
    if (error instanceof ProvisionError) throw error;
    throw new ProvisionError(
      'unavailable',
      `${url} gives no answer (${toCode(error)}). The text may have left: look at messages ${messageId}.`,
    );
  }
}
