import {maskPhone} from './address.ts';
import type {Detail} from './outcome.ts';

/** Who did something to what is under way, and by which way in: a token's name. */
export interface Actor {
  name: string;
  via: 'console' | 'api' | 'cli';
}

export const auditActions = [
  'pause',
  'resume',
  'drain',
  'purge',
  'replay',
  'settle',
  'consent',
  'text_shown',
  'record',
  'reload',
  'forget',
  'export',
] as const;

export type AuditAction = (typeof auditActions)[number];

/** What an operator did. Phones in it are masked when it is written: nothing has to be taken out of it when a phone is forgotten. */
export interface NewAudit {
  by: Actor;
  action: AuditAction;
  /** What it was done to: a filter, a message's id, a name. */
  target: Detail;
  /** One word: `done` unless given; `begun` of what takes long and may be cut short. */
  outcome?: string;
  /** How many it was to touch, counted before. */
  before?: number;
  /** How many it touched. */
  done?: number;
  /** How many were left, counted afterwards. */
  after?: number;
}

export interface AuditRecord extends NewAudit {
  id: string;
  /** Unix ms, the store's clock. */
  at: number;
  outcome: string;
}

const phone = /\+\d{7,15}/g;
const phoneInWords = /\+?\d{8,15}/g;

/** As it is kept: JSON without an unmasked phone. */
export function toAuditTarget(target: Detail): string {
  return JSON.stringify(target, (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (key === 'phone') return maskPhone(value);
    return value.replace(key === 'reason' ? phoneInWords : phone, maskPhone);
  });
}
