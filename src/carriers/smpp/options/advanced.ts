import {z} from 'zod';
import {charsetNames} from '../alphabet/charset.ts';

/** Genesys' BYO SMPP advanced configuration, as its manual shows it; a paste of its JSON text is taken too. */
const genericError = z.strictObject({
  genericErrorCode: z.int().min(0).max(3).describe('0 accepted, 2 temporary, 3 permanent'),
  genericErrorCause: z.string().min(1).max(64).describe("Genesys' word for the cause, like THROTTLED"),
  description: z.string().max(300).default('').describe('In words, for the history and the receipt'),
});

const decimalKey = z.string().regex(/^\d{1,10}$/, 'must be a command_status in decimal, like "88"');

export const charsetList = z
  .array(
    z.strictObject({
      dcs: z.int().min(0).max(255).describe('data_coding'),
      charset: z.enum(charsetNames).describe('Charset it stands for'),
    }),
  )
  .min(1, 'name at least one charset');

export const advancedConfiguration = z.preprocess(
  parseJson,
  z.strictObject({
    protocolSpecificCodeMapping: z
      .record(decimalKey, genericError)
      .optional()
      .describe('What a command_status (decimal) means; codes it does not name keep their default'),
    charsets: charsetList.optional().describe('Charsets in order of preference'),
  }),
);

/** What a `stat`, an `err` or a network_error_code of a receipt means; `state` and `final` where the word itself is not understood or wrongly used. */
const receiptMeaning = z.strictObject({
  state: z.enum(['sent', 'delivered', 'failed', 'expired']).optional().describe('What became of the text'),
  final: z.boolean().optional().describe('Whether nothing follows'),
  genericErrorCode: z.int().min(0).max(3).optional().describe('0 arrived, 3 never will: where no `state` is given'),
  genericErrorCause: z.string().min(1).max(64).optional().describe("Genesys' word for the cause"),
  description: z.string().max(300).optional().describe('In words, for the history and the receipt'),
});

export type ReceiptMeaning = z.output<typeof receiptMeaning>;

export const receiptMapping = z.strictObject({
  stat: z
    .record(z.string(), receiptMeaning)
    .default({})
    .describe('By the word in `stat`, as DELIVRD or as the SMSC writes it, in any case'),
  err: z.record(z.string(), receiptMeaning).default({}).describe('By the text in `err`; leading zeros do not count'),
  networkErrorCode: z
    .record(z.string().regex(/^\d+:\d+$/, 'must be type:code, like "3:11"'), receiptMeaning)
    .default({})
    .describe('By network_error_code, type and code'),
});

export type ReceiptMapping = z.output<typeof receiptMapping>;

function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
