import type {NumberAccount} from '../../src/core/number-account.ts';
import {type Look, ProvisionError, type Target} from './target.ts';

export interface NumberTargetOptions {
  account: NumberAccount;
  /** The carrier's name in the file. */
  carrier: string;
  address: string;
  /** Take the number from another product. */
  replace: boolean;
  /** Takes it out of service instead of pointing it here. */
  release: boolean;
}

/** Where the texts to one number at a carrier go. */
export function createNumberTarget({account, carrier, address, replace, release}: NumberTargetOptions): Target {
  const name = `${carrier}: number ${address}`;

  /** A number that goes elsewhere, or is not there, is left alone. */
  async function lookToRelease(): Promise<Look> {
    const {isHere, before, comesAnyway} = await asking(account.look(address));
    const fate = comesAnyway === undefined ? ': its texts are dropped by the carrier from then on' : '';
    return {
      before,
      changes: isHere ? [{sign: '-', text: `webhook and fallback${fate}`}] : [],
      notes: comesAnyway === undefined ? [] : [comesAnyway],
      objections: [],
      readable: true,
      rewrite: false,
      apply: () => asking(account.release(address)),
    };
  }

  async function lookToPoint(): Promise<Look> {
    const {found, before, changes, notes, takenFrom} = await asking(account.look(address));
    const objections = [];
    if (!found)
      objections.push(`${name}: the account has no such number. Check the account, or the address in the file.`);
    if (takenFrom !== undefined && !replace) {
      objections.push(
        `${name}: its texts go to ${takenFrom}, which would get them no more. To take it over, say --replace.`,
      );
    }
    return {
      before,
      changes: changes.map(text => ({sign: '~', text})),
      notes,
      objections,
      readable: true,
      rewrite: false,
      apply: () => asking(account.point(address)),
    };
  }

  async function restore(before: unknown): Promise<'put back' | 'stays'> {
    if (before === undefined || before === null) return 'stays';
    await asking(account.putBack(before));
    return 'put back';
  }

  /** An account's errors are sentences already. */
  async function asking<Result>(answer: Promise<Result>): Promise<Result> {
    try {
      return await answer;
    } catch (error) {
      const why = error instanceof Error ? error.message : 'no answer';
      throw new ProvisionError(
        'unavailable',
        `${name}: ${why}. Check the carrier's credentials and the network; running it again is safe.`,
      );
    }
  }

  return {name, look: release ? lookToRelease : lookToPoint, restore};
}
