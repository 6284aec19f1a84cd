import {z} from 'zod';
import {defineCarrier} from '../../src/carriers/carrier.ts';
import {definePlatform} from '../../src/platforms/platform.ts';

/** Types of parties with few settings, for tests of the configuration itself: nothing of them is ever started. */
const carrier = defineCarrier({
  type: 'pigeon',
  options: z.strictObject({
    loft: z.string().min(1).describe('Where it lives.'),
    port: z.int().min(1).max(65_535).default(2775).describe('Its door.'),
    password: z.string().default('').describe('What it coos.'),
    tls: z
      .union([z.boolean(), z.strictObject({ca: z.string().optional().describe('Whom it trusts.')})])
      .default(false)
      .describe('Flies covered.'),
  }),
  entry: z.strictObject({ring: z.string().optional().describe('Colour of its ring.')}),
  create: () => {
    throw new Error('is never created');
  },
});

const caller = defineCarrier({
  entry: carrier.entry,
  type: 'caller',
  options: z.strictObject({url: z.string().describe('Whom it calls.')}),
  needsPublicUrl: true,
  create: () => {
    throw new Error('is never created');
  },
});

const platform = definePlatform({
  type: 'desk',
  options: z.strictObject({url: z.string().describe('Where the desk stands.')}),
  create: () => {
    throw new Error('is never created');
  },
});

export const partyTypes = {carrierTypes: [carrier, caller], platformTypes: [platform]};
