import {z} from 'zod';
import {guardSettings} from './guards.ts';
import {keywordsBlock} from './keywords.ts';
import {sendingHoursBlock} from './sending-hours.ts';
import {channelId, delay, duration, optionalDuration, secrets} from './values.ts';

export const entryBlock = z
  .looseObject({
    carrier: z.string().describe('Name of the carrier.'),
    address: z
      .string()
      .optional()
      .describe("The sender as this carrier knows it; the channel's own `address` unless given."),
    senderMayChange: z
      .boolean()
      .default(false)
      .describe('Allows failover to this carrier although it shows phones another sender.'),
  })
  .describe('A bare name is short for `{carrier: name}`.');

export type EntryFile = z.infer<typeof entryBlock>;

const entry = z.union([z.string().transform((carrier): EntryFile => ({carrier, senderMayChange: false})), entryBlock]);

const headerRule = z.strictObject({
  header: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be the name of a header: letters, digits and dashes.')
    .transform(name => name.toLowerCase())
    .describe('Name of a header that the platform captures.'),
  value: z.string().max(256).describe('Its whole value.'),
  priority: z.enum(['interactive', 'bulk']).optional().describe('Such texts have this priority.'),
  carrier: z.string().optional().describe('Such texts begin with this one of the channel’s carriers.'),
});

const prefixRule = z.strictObject({
  prefix: z
    .string()
    .regex(/^\+[1-9]\d{0,13}$/, 'must be how numbers begin: `+` and digits, such as `+44`.')
    .describe('How numbers begin: `+` and digits. Of several that fit the longest counts.'),
  carriers: z
    .array(z.string())
    .min(1)
    .describe(
      'Those of the channel’s carriers that may carry texts to such numbers, in order of preference; no other does.',
    ),
});

const nexusServices = z.strictObject({
  section: z
    .string()
    .regex(/^chat\.[A-Za-z_-]+$/, 'must be `chat.` and letters, underscores or dashes.')
    .describe('Section of the transaction `NexusServices` for this channel, such as `chat.SMS_Main`.'),
  endpoint: z
    .string()
    .regex(/^chat\.\S+$/, 'must be `chat.` and the name of a Designer chat endpoint.')
    .describe('Chat endpoint of the Designer application that takes the texts.'),
  cxcOnly: z
    .boolean()
    .default(false)
    .describe('True for a channel of CX Contact campaigns: its texts from phones open no chat.'),
});

export const channelSchema = z.strictObject({
  id: channelId.describe("The platform's id of the channel (Nexus: `channelId`), in quotes."),
  platform: z.string().describe('Name of the platform it belongs to.'),
  description: z.string().max(200).default('').describe('For people.'),
  address: z
    .string()
    .describe(
      'The sender as carriers know it, in quotes: `+` and digits, a short code, or a name of up to 11 characters.',
    ),
  kind: z
    .enum(['phone', 'shortCode', 'name'])
    .optional()
    .describe('What `address` is, when it could be read two ways.'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code of two capital letters, such as `US`.')
    .optional()
    .describe('ISO 3166 code of two letters; follows from a phone number with its plus.'),
  webhookSecret: secrets.describe('Key the platform signs its webhooks with; of a list all are accepted.'),
  apiSecret: secrets.describe(
    'Key our calls to the platform are signed with; of a list the first signs and on 401 or 403 the next is tried.',
  ),
  carriers: z.array(entry).min(1).describe('In order of preference; bare names or blocks.'),
  priority: z
    .enum(['interactive', 'bulk'])
    .default('interactive')
    .describe('`interactive` texts overtake `bulk` ones on one carrier.'),
  media: z
    .enum(['file', 'link'])
    .default('file')
    .describe(
      '`file`: files go as the carrier can (MMS by Twilio; a carrier of texts only refuses them). `link`: each is a line of the text, a link that lives 24 h; needs `publicUrl`.',
    ),
  byHeader: z
    .array(headerRule)
    .max(50)
    .default([])
    .describe('What a captured header decides for one text; of several rules that fit the first counts.'),
  byPrefix: z
    .array(prefixRule)
    .max(500)
    .default([])
    .describe('Carriers by the number a text goes to; it comes before the carrier of `byHeader`.'),
  ...guardSettings,
  sendingHours: sendingHoursBlock
    .optional()
    .describe(
      'When texts of class bulk may leave, in all zones the phone can be in at once; replies and answers to orders leave at any hour.',
    ),
  sendWithin: optionalDuration().meta({
    fallback: '1h, bulk 4h',
    description: 'A text that has not left by then is `expired` and never sent.',
  }),
  deliverWithin: duration('24h').describe('Validity a carrier is given to reach the handset.'),
  receiptWithin: duration('48h').describe(
    'How long a sent text waits for its final receipt before `withoutReceipt` decides.',
  ),
  withoutReceipt: z
    .enum(['silent', 'delivered', 'failed'])
    .default('silent')
    .describe('What the platform is told of a text whose final receipt never came.'),
  unknown: z
    .enum(['hold', 'retry', 'fail'])
    .default('hold')
    .describe(
      'A text that may have been sent: wait for evidence, send that segment again (a phone may get it twice), or give up.',
    ),
  unknownAfter: duration('24h').describe('How long a held one waits for evidence before it becomes a dead letter.'),
  failoverAfter: delay('30s').describe('How long a carrier may have no usable link before the next one is asked.'),
  keywords: keywordsBlock.prefault({}).describe('Orders from phones: STOP, START, HELP and their like.'),
  nexusServices: nexusServices.optional().describe('What provisioning writes into the Configuration Server.'),
});

/** A channel's settings as they were checked. */
export type ChannelFile = z.infer<typeof channelSchema>;
