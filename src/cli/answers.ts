import {z} from 'zod';

/** What the commands read of the management API's answers. */

const event = z.object({at: z.number(), event: z.string(), detail: z.record(z.string(), z.unknown()).optional()});
const segment = z.object({index: z.number(), carrierMessageId: z.string().nullable(), state: z.string()});

export const messageAnswer = z.object({
  messageId: z.string(),
  channel: z.string(),
  platform: z.string(),
  direction: z.enum(['outbound', 'inbound']),
  from: z.string(),
  to: z.string(),
  state: z.string(),
  carrier: z.string(),
  priority: z.string(),
  acceptedAt: z.number(),
  reason: z.object({code: z.string(), message: z.string()}).optional(),
  segments: z.array(segment),
  events: z.array(event),
  text: z.string().nullish(),
});
export type MessageAnswer = z.infer<typeof messageAnswer>;

export const messagesAnswer = z.object({messages: z.array(messageAnswer), next: z.string().nullable()});

export const deadLettersAnswer = z.object({
  deadLetters: z.array(
    z.object({
      messageId: z.string(),
      reason: z.string(),
      at: z.number(),
      platform: z.string(),
      channel: z.string(),
      detail: z.string(),
    }),
  ),
  next: z.string().nullable(),
});

const filter = z.record(z.string(), z.unknown());

export const pausedAnswer = z.object({queues: z.number(), waiting: z.number(), underWay: z.number()});
export const drainingAnswer = pausedAnswer.extend({draining: filter});

export const gatesAnswer = z.object({
  gates: z.array(z.object({kind: z.string(), filter, waiting: z.number(), underWay: z.number(), drained: z.boolean()})),
});

const auditRecord = z.object({
  at: z.number(),
  by: z.object({name: z.string(), via: z.string()}),
  action: z.string(),
  target: filter,
  before: z.number().optional(),
  done: z.number().optional(),
  after: z.number().optional(),
  outcome: z.string(),
});

export const auditsAnswer = z.object({audits: z.array(auditRecord), next: z.string().nullable()});

export const purgedAnswer = z.object({
  waiting: z.number(),
  underWay: z.number(),
  purged: z.number(),
  confirmed: z.boolean(),
  left: z.number().optional(),
});
