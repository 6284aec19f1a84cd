import {isShortCode} from '../core/address.ts';
import type {Channel} from '../core/channel.ts';
import {type ReadAddress, readAddress} from './address.ts';
import {type ChannelFile, channelSchema} from './channel-schema.ts';
import {check} from './check.ts';
import type {Part} from './document.ts';
import {readEntries, type Surroundings} from './entries.ts';
import {toGuards} from './guards.ts';
import {findUnanswered, toKeywordRules} from './keywords.ts';
import type {Mistake} from './mistakes.ts';
import {suggest} from './nearest.ts';
import {complainOfHours, toSendingHours} from './sending-hours.ts';

const hourMs = 3_600_000;
const sendWithinMs = {interactive: hourMs, bulk: 4 * hourMs} as const;

/** A channel that can be used, and where it stands. */
export interface ReadChannel {
  channel: Channel;
  part: Part;
  nexusServices: ChannelFile['nexusServices'];
}

/** One channel of the file to the one the gateway uses; undefined when there is a mistake in it. */
export function readChannel(
  part: Part,
  surroundings: Surroundings,
  mistakes: Mistake[],
  warnings: Mistake[],
): ReadChannel | undefined {
  const before = mistakes.length;
  const file = check(channelSchema, part, mistakes);
  if (file === undefined) return undefined;
  const {document, path} = part;
  const names = surroundings.platforms.names;
  if (!names.includes(file.platform)) {
    mistakes.push(document.mistake([...path, 'platform'], `names no platform: ${suggest(file.platform, names)}`));
  }
  const sender = readSender(part, file, mistakes, warnings);
  const carriers = readEntries(part, file, sender?.address, surroundings, mistakes, warnings);
  checkHeaderRules(part, file, mistakes);
  checkPrefixRules(part, file, mistakes);
  warnOfHours(part, file, warnings);
  if (sender !== undefined) checkAnswers(part, file, sender, mistakes);
  if (mistakes.length > before || sender === undefined) return undefined;
  return {channel: toChannel(file, sender, carriers), part, nexusServices: file.nexusServices};
}

type Sender = Exclude<ReadAddress, {mistake: string}>;

function readSender(part: Part, file: ChannelFile, mistakes: Mistake[], warnings: Mistake[]): Sender | undefined {
  const sender = readAddress(file);
  const path = [...part.path, 'address'];
  if ('mistake' in sender) {
    mistakes.push(part.document.mistake(path, sender.mistake));
    return undefined;
  }
  if (sender.warning !== undefined) warnings.push(part.document.mistake(path, sender.warning));
  return sender;
}

function checkHeaderRules(part: Part, {byHeader, carriers}: ChannelFile, mistakes: Mistake[]): void {
  const names = carriers.map(({carrier}) => carrier);
  byHeader.forEach(({carrier}, index) => {
    if (carrier === undefined || names.includes(carrier)) return;
    const message = `is no carrier of this channel: ${suggest(carrier, names)}`;
    mistakes.push(part.document.mistake([...part.path, 'byHeader', index, 'carrier'], message));
  });
}

function checkPrefixRules(part: Part, {byPrefix, carriers}: ChannelFile, mistakes: Mistake[]): void {
  const names = carriers.map(({carrier}) => carrier);
  byPrefix.forEach((rule, index) => {
    const path = [...part.path, 'byPrefix', index];
    if (byPrefix.findIndex(({prefix}) => prefix === rule.prefix) < index) {
      mistakes.push(part.document.mistake([...path, 'prefix'], 'is there a second time: leave one out.'));
    }
    rule.carriers.forEach((carrier, place) => {
      if (names.includes(carrier)) return;
      const message = `is no carrier of this channel: ${suggest(carrier, names)}`;
      mistakes.push(part.document.mistake([...path, 'carriers', place], message));
    });
  });
}

function warnOfHours(part: Part, {sendingHours, sendWithin, priority}: ChannelFile, warnings: Mistake[]): void {
  if (sendingHours === undefined) return;
  const why = complainOfHours(sendingHours, sendWithin ?? sendWithinMs[priority]);
  if (why !== undefined) warnings.push(part.document.mistake([...part.path, 'sendingHours'], why));
}

function checkAnswers(part: Part, file: ChannelFile, {address}: Sender, mistakes: Mistake[]): void {
  if (!isShortCode(address)) return;
  for (const order of findUnanswered(file.keywords)) {
    const message = 'must be given for a short code: the text its network approved.';
    mistakes.push(part.document.mistake([...part.path, 'keywords', order, 'answer'], message));
  }
}

function toChannel(file: ChannelFile, sender: Sender, carriers: Channel['carriers']): Channel {
  return {
    id: file.id,
    platform: file.platform,
    description: file.description,
    address: sender.address,
    country: sender.country,
    webhookSecrets: file.webhookSecret,
    apiSecrets: file.apiSecret,
    carriers,
    priority: file.priority,
    sendWithinMs: file.sendWithin ?? sendWithinMs[file.priority],
    deliverWithinMs: file.deliverWithin,
    receiptWithinMs: file.receiptWithin,
    withoutReceipt: file.withoutReceipt,
    unknown: file.unknown,
    unknownAfterMs: file.unknownAfter,
    failoverAfterMs: file.failoverAfter,
    media: file.media,
    byHeader: file.byHeader,
    byPrefix: file.byPrefix,
    guards: toGuards(file, sender),
    sendingHours: toSendingHours(file.sendingHours),
    keywords: toKeywordRules(file.keywords, file.platform, file.id),
  };
}
