import type {Contract} from '../contract.ts';

/** What may stand at each unknown place (facts 7), the likeliest first. */

export const pathQuestions = [
  {
    question: 'inbound path',
    setting: 'contract.inboundPath',
    of: (contract: Contract) => contract.inboundPath,
    others: ['/channels/{channelId}/messages', '/channels/{channelId}/message', '/channels/{channelId}/inbound'],
  },
  {
    question: 'receipt path',
    setting: 'contract.receiptPath',
    of: (contract: Contract) => contract.receiptPath,
    others: ['/channels/{channelId}/receipts', '/channels/{channelId}/receipt'],
  },
  {
    question: 'media path',
    setting: 'contract.media.uploadPath',
    of: (contract: Contract) => contract.media.uploadPath,
    others: ['/channels/{channelId}/media'],
  },
] as const;

/** What may stand before every path; asked for only where nothing is found under the configured one. */
export const basePaths = ['/nexus/v3', '/nexus/v2', '/nexus', '/v3', ''] as const;

export type PathQuestion = (typeof pathQuestions)[number];

/** No API has it: how this is answered tells what "no such route" looks like. */
export const controlPath = '/channels/{channelId}/nexus-async-gateway-control';

const envelopes = ['messages', 'single', 'data', 'dataSingle'] as const;
const shapes = {
  messageIdIn: ['both', 'id', 'channel.messageId'],
  numberForm: ['digits', 'e164'],
  channelType: ['sms', 'SMS'],
} as const;

/** The configured contract first, then those that differ from it in one thing, in two, … */
export function toReceiptVariants(contract: Contract): Contract[] {
  return toVariants(contract, {...shapes, receiptEnvelope: envelopes});
}

export function toInboundVariants(contract: Contract): Contract[] {
  return toVariants(contract, {...shapes, inboundEnvelope: envelopes});
}

type Choices = {[Name in keyof Contract]?: readonly Contract[Name][]};

function toVariants(contract: Contract, choices: Choices): Contract[] {
  const names = Object.keys(choices) as (keyof Choices)[];
  let variants = [{contract, differences: 0}];
  for (const name of names) {
    const others = (choices[name] ?? []).filter(value => value !== contract[name]);
    const more = others.flatMap(value =>
      variants.map(variant => ({contract: {...variant.contract, [name]: value}, differences: variant.differences + 1})),
    );
    variants = [...variants, ...more];
  }
  return variants.toSorted((one, other) => one.differences - other.differences).map(variant => variant.contract);
}
