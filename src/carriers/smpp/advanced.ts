import {z} from 'zod';
import {charsetNames} from './alphabet/charset.ts';

/** Genesys' BYO SMPP advanced configuration, as its manual shows it; a paste of its JSON text is taken too. */
const genericError = z.strictObject({
  genericErrorCode: z.int().min(0).max(3),
  genericErrorCause: z.string().min(1).max(64),
  description: z.string().max(300).default(''),
});

const decimalKey = z.string().regex(/^\d{1,10}$/, 'must be a command_status in decimal, like "88"');

export const charsetList = z
  .array(z.strictObject({dcs: z.int().min(0).max(255), charset: z.enum(charsetNames)}))
  .min(1, 'name at least one charset');

export const advancedConfiguration = z.preprocess(
  parseJson,
  z.strictObject({
    protocolSpecificCodeMapping: z.record(decimalKey, genericError).optional(),
    charsets: charsetList.optional(),
  }),
);

/** What a `stat`, an `err` or a network_error_code of a receipt means; `state` and `final` where the word itself is not understood or wrongly used. */
const receiptMeaning = z.strictObject({
  state: z.enum(['sent', 'delivered', 'failed', 'expired']).optional(),
  final: z.boolean().optional(),
  genericErrorCode: z.int().min(0).max(3).optional(),
  genericErrorCause: z.string().min(1).max(64).optional(),
  description: z.string().max(300).optional(),
});

export type ReceiptMeaning = z.output<typeof receiptMeaning>;

export const receiptMapping = z.strictObject({
  stat: z.record(z.string(), receiptMeaning).default({}),
  err: z.record(z.string(), receiptMeaning).default({}),
  networkErrorCode: z
    .record(z.string().regex(/^\d+:\d+$/, 'must be type:code, like "3:11"'), receiptMeaning)
    .default({}),
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
