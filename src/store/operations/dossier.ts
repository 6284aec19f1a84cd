import type {LooseEnds, PhoneRecord} from '../privacy.ts';
import type {MessageRow} from '../rows.ts';
import {messageById} from '../sql.ts';
import * as sql from '../sql-forget.ts';
import {deadLetterOf} from '../sql-people.ts';
import type {ConsentRecord, MessageFilter} from '../store.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import {consents} from './consent.ts';
import {find} from './find.ts';
import {get} from './look.ts';
import {type PartRow, toHeldPart} from './parts.ts';
import {rawOf} from './payload.ts';
import {allUnreadable, toSearched} from './unreadable.ts';

/** All that is kept of one phone, for the one who asks what that is. */

export function* dossier(
  db: Db,
  phone: string,
  limit: number,
  before?: string,
): Work<{messages: PhoneRecord[]; next: string | undefined}> {
  const filter: MessageFilter = {phone, limit, ...(before !== undefined && {before})};
  const page = yield* find(db, filter);
  const messages: PhoneRecord[] = [];
  for (const {messageId} of page.messages) {
    const record = yield* get(db, messageId, true);
    if (record !== undefined) messages.push({...record, ...(yield* beside(db, messageId))});
  }
  return {messages, next: page.next};
}

export function* looseEnds(db: Db, phone: string): Work<LooseEnds> {
  const words: ConsentRecord[] = [];
  let before: string | undefined;
  do {
    const page = yield* consents(db, {phone, history: true, limit: 500, ...(before !== undefined && {before})});
    words.push(...page.consents);
    before = page.next;
  } while (before !== undefined);
  const receipts = yield* rows<{receipt: string}>(sql.parkedOf, toSearched(phone));
  const parts = yield* rows<PartRow>(sql.partsOfPhone, phone.replace(/^\+/, ''));
  return {
    consents: words,
    webhooks: (yield* allUnreadable(db, phone)).map(({id: messageId, webhook}) => ({messageId, webhook})),
    receipts: receipts.map(({receipt}) => receipt),
    parts: parts.map(part => ({...toHeldPart(db, part), carrier: part.carrier, receivedAt: part.received_at})),
  };
}

function* beside(db: Db, messageId: string): Work<{webhook?: string; deadLetter?: string}> {
  const message = yield* row<MessageRow>(messageById, messageId);
  if (message === undefined) return {};
  const webhook = yield* rawOf(db, message);
  const dead = yield* row<{reason: string}>(deadLetterOf, message.seq);
  return {...(webhook && {webhook}), ...(dead !== undefined && {deadLetter: dead.reason})};
}
