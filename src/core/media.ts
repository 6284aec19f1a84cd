/**
 * What became of fetching a file whose bytes only its owner can give (a carrier's account, `genesys://…`).
 * - `refused`: it can't be had, now or later (gone, too large, of a type or at a place the settings forbid).
 * - `unavailable`: not now.
 */
export type MediaLoad =
  | {kind: 'loaded'; bytes: Uint8Array; contentType: string; filename?: string}
  | {kind: 'refused'; why: string}
  | {kind: 'unavailable'; why: string; retryAfterMs?: number};
