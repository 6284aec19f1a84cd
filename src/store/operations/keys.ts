import {keyMarks, setMeta} from '../sql-prune.ts';
import {type Db, rows, run, type Work} from '../work.ts';

/**
 * Notes which keys the store's rows need. Answers why it can't be used with those that are configured: started all the same, a text would not leave
 * and a phone that opted out would be written to.
 */
export function* useKeys({vault}: Db): Work<string | undefined> {
  for (const {key: name, value: check} of yield* rows<{key: string; value: number}>(keyMarks)) {
    const known = vault.keys.find(key => key.name === name);
    if (known === undefined || known.check !== check) return toSentence(name, known === undefined);
  }
  for (const mark of [vault.sealing, vault.naming]) {
    if (mark !== undefined) yield* run(setMeta, mark.name, mark.check);
  }
  return undefined;
}

function toSentence(name: string, isMissing: boolean): string {
  const [kind, , id] = name.split(' ');
  if (kind === 'phone') {
    return 'phones were forgotten under a key that privacy.phoneKeys does not name, and their opt-outs would be lost: add it after the first';
  }
  return isMissing
    ? `texts in the store are sealed with the key ${id}, which encryption.keys does not name: add it after the first`
    : `the key ${id} of encryption.keys is not the one that sealed texts in the store: give it back its value, and new ones new ids`;
}
