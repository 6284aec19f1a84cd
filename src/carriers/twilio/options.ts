import {z} from 'zod';
import {errorActions} from './errors.ts';
import {duration, httpUrl, label} from './setting.ts';

/** A Twilio account as the configuration file has it. */
export const options = z
  .strictObject({
    accountSid: z
      .string()
      .regex(/^AC[0-9a-f]{32}$/i, 'Give the Account SID of the Twilio Console: AC and 32 hex digits.')
      .describe('Account SID (`AC…`) whose messages these are; for a subaccount its own'),
    authTokens: z
      .array(z.string().min(1, 'An empty token would let anybody sign: give the Auth Token of the Twilio Console.'))
      .min(1, 'Give at least one Auth Token: without it no callback can be verified.')
      .max(8)
      .describe(
        'Auth Tokens of the account: the first sends (unless `credentials` are given), the next once Twilio takes it no more; all are accepted in signatures',
      ),
    credentials: z
      .strictObject({
        sid: z
          .string()
          .regex(/^(AC|SK)[0-9a-f]{32}$/i, 'Give an API key SID (SK…) or the parent account’s SID (AC…).')
          .describe('API key SID (`SK…`), or the parent account’s SID (`AC…`)'),
        secret: z
          .string()
          .min(1, 'Give the secret that belongs to this SID.')
          .describe('The API key’s secret, or the parent’s Auth Token'),
      })
      .optional()
      .describe('Who calls the API instead of the account and its first token'),
    apiUrl: httpUrl()
      .default('https://api.twilio.com')
      .describe('Base of the API; another one takes all calls, whatever their sub-domain'),
    region: label().optional().describe('Twilio region such as `ie1`; needs `edge`, and credentials of that region'),
    edge: label().optional().describe('Twilio edge such as `dublin`; needs `region`'),
    ca: z.string().optional().describe('Certificates (PEM) to trust instead of the built-in ones'),
    proxy: httpUrl().optional().describe('HTTP proxy for calls to Twilio'),
    concurrency: z
      .int()
      .min(1)
      .max(500)
      .default(20)
      .describe('Texts on their way to the API at most, for each replica; beside them a few calls that only read'),
    messagesPerSecond: z
      .number()
      .positive()
      .max(2000)
      .optional()
      .describe('Segments a second of the whole account; unset: no limit but the senders’ own'),
    connectTimeout: duration('5s').describe('Until a connection (DNS, TCP, TLS) must stand'),
    responseTimeout: duration('30s').describe('Until Twilio must have answered; past it the outcome is `unknown`'),
    recovery: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Whether missed messages are fetched'),
        every: duration('5m').describe('How often Twilio is asked for messages that no webhook brought'),
        lookBack: duration('24h').describe(
          'How far back the first look after a start, or at a new number, goes; at most the longer of 7 days and `retention`; for a number that another system, or a carrier of another name, had, no further than the change, or texts answered there come again',
        ),
        pageSize: z.int().min(1).max(1000).default(1000).describe('Messages in one answer'),
        requests: z
          .int()
          .min(20)
          .max(10_000)
          .default(100)
          .describe('API calls in one round at most; the next goes on where it ended'),
        sendsAfter: duration('15m').describe(
          'How long after it was sent Twilio is asked about a text without a final status; then at four times its age, until `receiptWithin`',
        ),
        sendsPerMinute: z
          .int()
          .min(1)
          .max(6000)
          .default(300)
          .describe('Such questions a minute at most, for each replica; the others wait'),
      })
      .prefault({})
      .describe('Fetching inbound messages that no webhook brought, and the status of texts that no callback told'),
    resend: z
      .strictObject({
        times: z
          .int()
          .min(0)
          .max(2)
          .default(0)
          .describe('How often; 0: never, for where Twilio is wrong about the first the phone shows both'),
        after: duration('2m').describe('How long after the failure; later texts to the phone wait for it'),
      })
      .prefault({})
      .describe(
        'Sending a text again as a new message whose failure may pass (30003, 30008, 30017…: action `retry`), while `sendWithin` lasts',
      ),
    media: z
      .strictObject({
        maxBytes: z
          .int()
          .min(1)
          .max(104_857_600)
          .default(16_777_216)
          .describe('Largest file of an inbound message that is fetched'),
        timeout: duration('20s').describe('Until a file must be there; as long it may wait for its turn'),
      })
      .prefault({})
      .describe('Files of inbound messages'),
    longText: z
      .enum(['split', 'refuse'])
      .default('split')
      .describe('Text over 1,600 characters: several messages in order, or refused'),
    requestHeaders: z
      .boolean()
      .default(false)
      .describe(
        'Send the headers captured with a text as request headers too, for a proxy at `apiUrl`; they always go as parameters of the status callback',
      ),
    errors: z
      .record(z.string(), z.enum(errorActions))
      .refine(errors => Object.keys(errors).every(code => /^\d{3,6}$/.test(code)), {
        message: 'Give Twilio error codes as keys, such as 30007.',
      })
      .default({})
      .describe('What to do on an error code, where it should differ from the built-in table'),
  })
  .refine(settings => (settings.region === undefined) === (settings.edge === undefined), {
    message: 'Give region and edge together: half a pair goes to a host that does not exist any more.',
    path: ['region'],
  });

export type TwilioOptions = z.output<typeof options>;

/** What a channel's entry may say about this carrier. */
export const entry = z.strictObject({
  messagingServiceSid: z
    .string()
    .regex(/^MG[0-9a-f]{32}$/i, 'Give the SID of the Messaging Service: MG and 32 hex digits.')
    .optional()
    .describe('Send by this Messaging Service, from the entry’s address'),
  messagesPerSecond: z
    .number()
    .positive()
    .max(2000)
    .optional()
    .describe(
      'SMS a second of this sender; unset: 1 for a long code, 3 toll-free, 100 for a short code, 80 for WhatsApp',
    ),
  contentSid: z
    .string()
    .regex(/^HX[0-9a-f]{32}$/i, 'Give the SID of a Content template: HX and 32 hex digits.')
    .optional()
    .describe('Send every text by this Content template (WhatsApp outside its 24 hours)'),
  contentVariable: z
    .string()
    .regex(/^\w{1,32}$/, 'Give the name of one variable of the template, such as 1.')
    .default('1')
    .describe('The variable of that template which takes the text'),
  anySender: z
    .boolean()
    .optional()
    .describe(
      'Let the Messaging Service pick a sender of its pool instead of the entry’s address; texts to any number of the pool come to this channel, unless another one uses the pool so: `recovery` fetches those that no webhook brought here, also where the number’s leads to another system',
    ),
});

export type TwilioEntry = z.output<typeof entry>;
