import {toAddress} from '../../core/address.ts';
import type {Media} from '../../core/message.ts';
import type {InboundPost, Post, ReceiptPost} from '../platform.ts';
import type {Contract, Envelope} from './contract.ts';

/** What goes to Nexus for a post: the path after the base path, and the JSON body, where what is undefined is left out (facts 2.2 b, c). Pure. */
export function toRequest(post: Post, contract: Contract): {path: string; body: unknown} {
  const asMessage = post.kind === 'inbound' || contract.receiptAsMessage;
  const path = asMessage ? contract.inboundPath : contract.receiptPath;
  const envelope = asMessage ? contract.inboundEnvelope : contract.receiptEnvelope;
  const message = post.kind === 'inbound' ? toInboundMessage(post, contract) : toReceiptMessage(post, contract);
  return {path: toPath(path, post.channel), body: wrap(message, envelope)};
}

export function toPath(template: string, channel: string): string {
  return template.includes('{') ? template.replaceAll('{channelId}', encodeURIComponent(channel)) : template;
}

function toInboundMessage({channel, inbound}: InboundPost, contract: Contract) {
  const phone = toNumber(inbound.from, contract);
  return {
    id: contract.messageIdIn === 'channel.messageId' ? undefined : inbound.messageId,
    channel: {
      id: channel,
      type: contract.channelType,
      messageId: contract.messageIdIn === 'id' ? undefined : inbound.messageId,
      from: {id: phone, idType: 'Phone', nickname: phone},
      to: {id: toNumber(channel, contract), idType: 'Phone'},
      time: new Date(inbound.receivedAt).toISOString(),
    },
    type: 'Text',
    text: toInboundText(inbound.text, inbound.missingParts ?? 0, contract),
    content: inbound.media.map(toAttachment),
    direction: 'Inbound',
    metadata: inbound.suspectedOptOut && contract.suspectedOptOut ? {suspectedOptOut: 'true'} : undefined,
  };
}

/** The id is the one the webhook was answered with: Nexus finds the message by it (facts 1.4). */
function toReceiptMessage({channel, messageId, to, receipt}: ReceiptPost, contract: Contract) {
  return {
    id: contract.messageIdIn === 'channel.messageId' ? undefined : messageId,
    channel: {
      id: channel,
      type: contract.channelType,
      messageId: contract.messageIdIn === 'id' ? undefined : messageId,
      to: {id: toNumber(to, contract), idType: 'Phone'},
      from: {id: toNumber(channel, contract), idType: 'Phone'},
      time: new Date(receipt.at).toISOString(),
    },
    type: 'Receipt',
    status: receipt.status,
    isFinalReceipt: receipt.final,
    direction: 'Outbound',
    reasons: receipt.reasons.length === 0 ? undefined : receipt.reasons,
  };
}

function toNumber(address: string, {numberForm}: Contract): string {
  if (numberForm === 'digits') return address.replace(/^\+(?=\d)/, '');
  return /^\+?\d/.test(address) ? (toAddress(address) ?? address) : address;
}

function toInboundText(text: string, missingParts: number, {incompleteNotice}: Contract): string {
  if (missingParts === 0 || incompleteNotice === '') return text;
  return text === '' ? incompleteNotice : `${text}\n${incompleteNotice}`;
}

function toAttachment({url, contentType, filename}: Media) {
  return {
    contentType: 'Attachment',
    attachment: {
      mediaType: toMediaType(contentType ?? ''),
      url,
      ...(contentType === undefined ? {} : {mime: contentType}),
      ...(filename === undefined ? {} : {filename}),
    },
  };
}

/** Genesys Cloud's words for kinds of attachments. */
function toMediaType(contentType: string): string {
  if (contentType.startsWith('image/')) return 'Image';
  if (contentType.startsWith('video/')) return 'Video';
  return contentType.startsWith('audio/') ? 'Audio' : 'File';
}

function wrap(message: unknown, envelope: Envelope): unknown {
  switch (envelope) {
    case 'messages':
      return {messages: [message]};
    case 'single':
      return message;
    case 'data':
      return {data: {messages: [message]}};
    case 'dataSingle':
      return {data: message};
  }
}
