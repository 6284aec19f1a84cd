import {z} from 'zod';
import {apiPath, mediaOptions} from './media-options.ts';

/**
 * What Genesys does not publish about the Third-Party Messaging API (facts 7), as settings. Each default is the likeliest value;
 * a first real tenant settles the rest by changing this section and nothing else.
 */

const until = z.iso.datetime({offset: true, error: 'say when it ends, as 2026-11-30T18:00:00Z'});

const expiringStatus = z
  .strictObject({
    status: z.literal(503).describe('What to answer instead: 503 makes Nexus deliver again.'),
    until: until.describe('When this ends by itself, as 2026-11-30T18:00:00Z.'),
  })
  .optional();

const place = z.string().regex(/^[\w-]+(\[\])?(\.[\w-]+(\[\])?)*$/, 'a place reads as content[].text.body');
const placeList = z.array(place).max(20).default([]);

const onlyEnds =
  'must be `Delivered` or `Failed`: Nexus is told how a text ended, the 200 told it that the text is on its way.';

const envelope = z.enum(['messages', 'single', 'data', 'dataSingle']);
const envelopes =
  '`messages` {"messages":[…]}, `single` the message alone, `data` {"data":{"messages":[…]}}, `dataSingle` {"data":{…}}';

const settings = z.strictObject({
  basePath: apiPath()
    .transform(path => path.replace(/\/+$/, ''))
    .default('/nexus/v3')
    .describe('What stands before every path, after the url; / for nothing.'),
  inboundPath: apiPath('{channelId}')
    .default('/channels/{channelId}/messages')
    .describe('Where texts from phones are posted; another candidate is /channels/{channelId}/message.'),
  inboundEnvelope: envelope.default('messages').describe(`What stands around an inbound message: ${envelopes}.`),
  receiptPath: apiPath('{channelId}')
    .default('/channels/{channelId}/receipts')
    .describe('Where receipts are posted; another candidate is /channels/{channelId}/receipt.'),
  receiptEnvelope: envelope.default('messages').describe(`What stands around a receipt: ${envelopes}.`),
  receiptAsMessage: z
    .boolean()
    .default(false)
    .describe(
      'Post receipts to inboundPath, as messages of type Receipt. Only where Nexus is known to want it: elsewhere each receipt of a campaign opens a chat.',
    ),
  receiptStatuses: z
    .array(z.enum(['Delivered', 'Failed', 'Sent'], {error: onlyEnds}))
    .default(['Delivered', 'Failed'])
    .describe(
      'Which receipts Nexus is sent; the others are settled without a post. Sent is never made: a warning says so.',
    ),
  messageIdIn: z
    .enum(['both', 'id', 'channel.messageId'])
    .default('both')
    .describe('Where a post carries the message id: `id`, `channel.messageId` or both.'),
  numberForm: z
    .enum(['digits', 'e164'])
    .default('digits')
    .describe(
      'How phone numbers are written to Nexus: `digits` 14155550123, `e164` +14155550123. Short codes stay as they are.',
    ),
  channelType: z.string().max(50).default('sms').describe('The spelling of channel.type in posts.'),
  apiKey: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'an API key has no blanks')
    .optional()
    .describe('Sent as x-api-key on every post, where something in front of Nexus asks for it.'),
  incompleteNotice: z
    .string()
    .max(200)
    .default('[part of this message is missing]')
    .describe('Last line of an inbound text of which parts never came; empty for none.'),
  suspectedOptOut: z
    .boolean()
    .default(true)
    .describe(
      'Mark a text with a word to stop inside a sentence by metadata.suspectedOptOut; false where Nexus takes no metadata.',
    ),
  signatureEncoding: z
    .enum(['hex', 'base64'])
    .default('hex')
    .describe('How signatures are written, in webhooks and in posts: `hex` or `base64`, after sha1=.'),
  acceptSha256: z
    .boolean()
    .default(false)
    .describe(
      'Also take X-Hub-Signature-256 on webhooks without X-Hub-Signature, in base64, as Genesys Cloud signs, or in hex.',
    ),
  acceptRewritten: z
    .boolean()
    .default(false)
    .describe(
      'Also take a webhook whose signature fits its JSON written anew without blanks, where a proxy rewrites bodies. Parses what nobody has vouched for yet.',
    ),
  reportOnlyUntil: until
    .optional()
    .describe(
      'For onboarding, at most a week ahead when the file is read, else nothing passes: until then a webhook on a channel’s path passes whatever its signature, with the error nexus.signature.reported in the log.',
    ),
  refusalForm: z
    .enum(['error', 'status'])
    .default('error')
    .describe(
      'What refused webhooks are answered: `error` {"error":{"code","message"}}, `status` {"status":{"code","message"}} as Nexus writes its own.',
    ),
  badSignatureStatus: expiringStatus.describe(
    'For go-live and rotation: answer a wrong or absent signature 503 instead of 401 for a while, so that Nexus delivers again.',
  ),
  unknownChannelStatus: expiringStatus.describe(
    'For go-live: answer an unknown channel 503 instead of 404 for a while, so that Nexus delivers again.',
  ),
  media: mediaOptions.prefault({}).describe('Files from phones to Nexus and back.'),
  places: z
    .strictObject({
      to: placeList.describe('Recipient.'),
      from: placeList.describe('Sender: names the channel where the URL path does not.'),
      text: placeList.describe('Text.'),
      id: placeList.describe('Nexus’ id of the message.'),
      media: placeList.describe(
        'URLs of attachments, as files[].href; where they stand in a list by themselves, as mediaUrls[].',
      ),
    })
    .prefault({})
    .describe('Where else in a webhook’s message a value may stand, looked at before the places known.'),
});

/** What each setting allows, and both together can't work. */
export const contractOptions = settings.superRefine(({inboundPath, receiptPath, receiptAsMessage, media}, context) => {
  const refuse = (path: string[], message: string) => context.addIssue({code: 'custom', path, message});
  if (receiptPath === inboundPath && !receiptAsMessage) refuse(['receiptPath'], receiptsAsTexts);
  if (media.uploadPath === inboundPath) refuse(['media', 'uploadPath'], 'is inboundPath: give the path files go to');
  if (media.uploadPath === receiptPath) refuse(['media', 'uploadPath'], 'is receiptPath: give the path files go to');
});

const receiptsAsTexts =
  'is inboundPath: each receipt would be taken for a text and open a chat. Give the path of receipts, or say receiptAsMessage: true where Nexus is known to take them as messages of type Receipt';

export type Contract = z.output<typeof contractOptions>;
export type Envelope = z.output<typeof envelope>;
