import {type AnnexOptions, mergeAnnex, type Transaction, transaction} from './annex.ts';
import type {Section} from './sections.ts';
import type {Look, Target} from './target.ts';

/** What a backup calls it, by whichever system it was written. */
export const sectionsName = 'NexusServices';

/** The transaction `NexusServices` in a system that can be called. */
export interface SectionsAdmin {
  read(): Promise<Transaction>;
  /** Has it be so, whatever it is now. */
  write(object: Transaction): Promise<void>;
  stop(): Promise<void>;
}

/** The sections of our channels in the transaction `NexusServices`. Taking a channel out takes out the section that names it. */
export function createSectionsTarget(
  admin: SectionsAdmin,
  sections: readonly Section[],
  options: AnnexOptions,
): Target {
  async function look(): Promise<Look> {
    const before = await admin.read();
    const {object, changes, objections} = mergeAnnex(before, sections, options);
    return {
      before,
      changes,
      notes: [],
      objections,
      readable: true,
      rewrite: false,
      apply: () => admin.write(object),
    };
  }

  async function restore(before: unknown): Promise<'put back'> {
    const {userproperties} = transaction.parse(before);
    await admin.write({...(await admin.read()), userproperties});
    return 'put back';
  }

  return {name: sectionsName, look, restore};
}
