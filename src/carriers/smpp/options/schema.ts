import {isIP} from 'node:net';
import {z} from 'zod';
import {isTlvName} from '../codec.ts';
import {concatenations} from '../text.ts';
import {advancedConfiguration, charsetList, receiptMapping} from './advanced.ts';
import {findPortMistakes, host} from './host.ts';
import {timers} from './timers.ts';
import {findTlsMistakes, tls} from './tls.ts';
import {noSuchTlv, tlvs} from './tlvs.ts';

const tons = [0, 1, 2, 3, 4, 5, 6] as const;
const npis = [0, 1, 3, 4, 6, 8, 9, 10, 13, 14, 18] as const;

const ton = z.union([z.literal('auto'), z.literal(tons)]).optional();
const npi = z.union([z.literal('auto'), z.literal(npis)]).optional();
const text = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[\x20-\x7e]*$/, 'must be printable ASCII');

const flat = {
  host: host.optional().describe('Host name or address of the SMSC'),
  hosts: z
    .array(host)
    .min(1)
    .optional()
    .describe('Several hosts of one account, in order of preference, instead of `host`'),
  port: z.int().min(1).max(65_535).optional().describe('Port; 2776 with TLS, 2775 without'),
  tls: z
    .union([z.boolean(), tls])
    .default(true)
    .describe('TLS with a verified certificate; false for plain TCP, or details'),
  localAddress: z
    .string()
    .refine(address => isIP(address) !== 0, 'must be an IP address of this machine')
    .optional()
    .describe('Local IP address to connect from, for SMSCs with an allow-list'),
  systemId: text(15).min(1).describe('system_id of the account'),
  password: text(64).describe('Password of the account; SMPP allows 8 characters, some SMSCs take more'),
  systemType: text(12).default('').describe('system_type of the bind'),
  addressRange: text(40).default('').describe('address_range of the bind'),
  addressRangeTon: z.literal(tons).default(0).describe('TON of address_range'),
  addressRangeNpi: z.literal(npis).default(0).describe('NPI of address_range'),
  bindType: z
    .enum(['transceiver', 'transmitter', 'receiver', 'pair'])
    .default('transceiver')
    .describe('`pair` opens a transmitter and a receiver for each of `binds`'),
  binds: z.int().min(1).max(16).default(3).describe('Links to the SMSC'),
  messagesPerSecond: z
    .number()
    .positive()
    .max(100_000)
    .default(20)
    .describe('Segments a second, over all binds and replicas'),
  window: z.int().min(1).max(1000).default(10).describe('Submissions a bind may have in flight'),
  genesysDefaults: z
    .boolean()
    .default(false)
    .describe("Values of Genesys Cloud's BYO SMPP: TON and NPI 0, its list of charsets"),
  inboundPlusPrefix: z
    .boolean()
    .optional()
    .describe('Whether the SMSC writes our numbers with a plus in inbound texts; read either way when absent'),
  countryCode: z
    .int()
    .min(1)
    .max(999)
    .optional()
    .describe(
      'Country code of numbers that come as national ones (TON 2, or with a leading 0); without it they are read as international',
    ),
  outboundPlusPrefix: z.boolean().default(false).describe('Write the sender with a leading plus'),
  sourceTon: ton.describe('TON of the sender: 0 to 6, or `auto` (default) to work it out from the address'),
  sourceNpi: npi.describe('NPI of the sender, or `auto` (default)'),
  destinationTon: ton.describe('TON of the recipient, or `auto` (default)'),
  destinationNpi: npi.describe('NPI of the recipient, or `auto` (default)'),
  serviceType: text(5).default('').describe('service_type of submissions'),
  protocolId: z.int().min(0).max(255).default(0).describe('protocol_id of submissions'),
  priorityFlag: z
    .strictObject({
      interactive: z.int().min(0).max(3).default(0).describe('Of interactive texts'),
      bulk: z.int().min(0).max(3).default(0).describe('Of bulk texts'),
    })
    .prefault({})
    .describe('priority_flag by the priority of a text'),
  messageMode: z
    .enum(['default', 'datagram', 'storeAndForward'])
    .default('default')
    .describe('Messaging mode in esm_class'),
  receipts: z
    .enum(['all', 'failures', 'none'])
    .default('all')
    .describe('Which receipts are asked for, on every segment'),
  receiptCovers: z
    .enum(['segment', 'message'])
    .default('segment')
    .describe('`message` for SMSCs that send one receipt for all segments of a text'),
  utcOffset: z
    .string()
    .regex(/^[+-]\d{2}:[0-5]\d$/, 'must be like +00:00 or -05:30')
    .default('+00:00')
    .describe("Offset of the SMSC's clock, in which it writes the dates of receipts"),
  receiptsByContent: z
    .boolean()
    .default(true)
    .describe(
      'Take an unflagged text that reads `id:… stat:…` for a receipt; from a number it speaks only of texts to that number. False where phones may send such texts',
    ),
  validityFormat: z
    .enum(['relative', 'absolute', 'none'])
    .default('relative')
    .describe('How validity_period is written'),
  charsets: charsetList
    .optional()
    .describe('data_coding and charset in order of preference: the first that holds a text exactly is used'),
  packed: z.boolean().default(false).describe('Septets are packed into octets, both ways'),
  ucs2LittleEndian: z.boolean().default(false).describe('The SMSC sends UTF-16 little endian'),
  transliterate: z
    .boolean()
    .default(false)
    .describe('Replace typographic quotes, dashes and spaces when that saves a text from UTF-16; shown in its history'),
  concatenation: z.enum(concatenations).default('udh8').describe('How long texts are told to be one'),
  maxSegments: z.int().min(1).max(255).default(10).describe('Longer texts are refused'),
  userMessageReference: z
    .boolean()
    .default(false)
    .describe('Send user_message_reference and use it as a second key, where the SMSC gives it back in receipts'),
  querySm: z
    .boolean()
    .default(false)
    .describe('Ask by query_sm what became of a text whose receipt never came, where the SMSC answers that'),
  moreMessagesToSend: z.boolean().default(false).describe('Send more_messages_to_send with all segments but the last'),
  tlvs: tlvs
    .default({})
    .describe(
      'Extra TLVs of every submission, by name or by tag (`0x1403`): text, or a number of at most 4 octets; `hex:…` for bytes',
    ),
  headerTlvs: z
    .record(
      z.string().regex(/^[a-z\d-]{1,64}$/, 'write the header in lower case, like x-campaign'),
      z.string().refine(isTlvName, noSuchTlv),
    )
    .default({})
    .describe('TLVs that carry captured headers of a text to the SMSC: name of the header to name or tag of the TLV'),
  advancedConfiguration: advancedConfiguration
    .optional()
    .describe(
      "Genesys' BYO SMPP advanced configuration as it is: protocolSpecificCodeMapping and charsets, merged over the defaults",
    ),
  receiptMapping: receiptMapping
    .optional()
    .describe('The same for receipts: by `stat`, by `err` and by `networkErrorCode` (`3:11`)'),
  unroutable: z
    .enum(['accept', 'refuse', 'retry'])
    .default('accept')
    .describe('Answer for a text to a number of no channel: OK (it is kept as a dead letter), 0x0B, or 0x64'),
  inboundWindow: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .describe('Texts and receipts being stored at once; above it the answer is 0x64'),
} as const;

export const smppOptions = z.strictObject({...flat, ...timers}).superRefine((options, context) => {
  if ((options.host === undefined) === (options.hosts === undefined)) {
    context.addIssue({code: 'custom', path: ['host'], message: 'give either host or hosts'});
  }
  const details = typeof options.tls === 'object' ? options.tls : undefined;
  const mistakes = [...findPortMistakes(options), ...(details === undefined ? [] : findTlsMistakes(details))];
  for (const mistake of mistakes) context.addIssue({code: 'custom', ...mistake});
  if ((details?.cert === undefined) !== (details?.key === undefined)) {
    context.addIssue({code: 'custom', path: ['tls', 'cert'], message: 'a client certificate needs both cert and key'});
  }
  if (options.charsets !== undefined && options.advancedConfiguration?.charsets !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['charsets'],
      message: 'charsets are given twice: here and in advancedConfiguration',
    });
  }
});

export type SmppOptions = z.output<typeof smppOptions>;

export const smppEntry = z.strictObject({
  serviceType: text(5).optional().describe("service_type of this channel's submissions"),
  tlvs: tlvs.optional().describe("Extra TLVs of this channel's submissions, beside the carrier's"),
});
