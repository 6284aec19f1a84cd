import {z} from 'zod';
import {secret, secrets} from './values.ts';

const shortestPhoneKey = 16;

const keyBytes = 32;

/** 32 bytes as text, however they are written: base64 of them. */
const key = secret.transform((text, context) => {
  const bytes = /^[\da-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  const isBase64 = /^[\w+/-]+={0,2}$/.test(text);
  if (bytes.length === keyBytes && (isBase64 || text.length === 2 * keyBytes)) return bytes.toString('base64');
  const message = `must be ${keyBytes} bytes in base64 or hex: \`openssl rand -base64 ${keyBytes}\` makes one.`;
  context.addIssue({code: 'custom', message});
  return z.NEVER;
});

const keys = z
  .array(
    z.strictObject({
      id: z
        .string()
        .regex(/^[\w-]{1,32}$/, 'must be a name of 1 to 32 letters, digits, dashes or underscores.')
        .describe('Name of the key, kept beside each text it sealed: a new key needs a new one.'),
      key: key.describe('32 bytes in base64 or hex, from a secret: `openssl rand -base64 32`.'),
    }),
  )
  .superRefine((all, context) => {
    for (const [index, {id}] of all.entries()) {
      if (all.findIndex(other => other.id === id) === index) continue;
      context.addIssue({code: 'custom', path: [index, 'id'], message: 'is there twice: give each key its own.'});
    }
  });

export const encryption = z.strictObject({
  keys: keys
    .default([])
    .describe('Texts, media references and webhook bodies are sealed with the first key (AES-256-GCM); all open.'),
  write: z
    .boolean()
    .default(true)
    .describe('`false`: new texts are stored as they are, and the command `reseal` opens those that are sealed.'),
});

export const privacy = z.strictObject({
  phoneKeys: secrets
    .refine(
      all => all.every(one => one.length >= shortestPhoneKey),
      `must be at least ${shortestPhoneKey} characters each: \`openssl rand -base64 ${keyBytes}\` makes one.`,
    )
    .optional()
    .describe(
      'Under a hash with the first of these secrets a phone that is forgotten stays on the opt-out lists; all are looked for. Never change or drop one: opt-outs under it would be lost.',
    ),
});
