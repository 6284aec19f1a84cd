import {mergeAnnex, transaction} from './annex.ts';
import type {GaxAdmin} from './gax-admin.ts';
import type {Section} from './sections.ts';
import type {Look, Target} from './target.ts';

/** The sections of our channels in the transaction `NexusServices`. Taking a channel out takes out the section that names it. */
export function createGaxTarget(admin: GaxAdmin, sections: readonly Section[], drop: readonly string[]): Target {
  async function look(): Promise<Look> {
    const before = await admin.read();
    const {object, changes} = mergeAnnex(before, sections, drop);
    return {
      before,
      changes,
      notes: [],
      objections: [],
      readable: true,
      rewrite: false,
      apply: () => admin.write(object),
    };
  }

  async function restore(before: unknown): Promise<'put back'> {
    await admin.write(transaction.parse(before));
    return 'put back';
  }

  return {name: 'NexusServices', look, restore};
}
