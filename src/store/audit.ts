import type {AuditAction} from '../core/audit.ts';

export type {Actor, AuditAction, AuditRecord, NewAudit} from '../core/audit.ts';

export interface AuditFilter {
  action?: AuditAction;
  /** The token's name. */
  actor?: string;
  /** Done at this time or later, Unix ms. */
  since?: number;
  /** Done before this time, Unix ms. */
  until?: number;
  limit: number;
  /** `next` of the page before. */
  before?: string;
}
