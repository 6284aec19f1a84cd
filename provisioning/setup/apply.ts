import {ZodError} from 'zod';
import {toPrintable} from '../../src/core/printable.ts';
import {type Backup, createBackup, readBackup} from './backup.ts';
import {type Progress, watch} from './progress.ts';
import {sectionsName} from './sections-target.ts';
import {type Look, ProvisionError, type Target} from './target.ts';

export interface Planned {
  target: Target;
  look: Look;
}

export interface Keeping {
  tell(line: string): void;
  progress: Progress;
  /** Where what is replaced is kept; a free name when it is not given. */
  backup: string | undefined;
}

export interface ApplyOptions extends Keeping {
  /** Shown the plan; false: nothing is done. */
  confirm(plan: string): Promise<boolean>;
}

export type Applied = 'nothing to do' | 'applied' | 'declined';

export async function makePlan(targets: readonly Target[], progress: Progress): Promise<Planned[]> {
  const plan: Planned[] = [];
  for (const target of targets) {
    plan.push({target, look: await watch(`reading ${target.name}`, target.look(), progress)});
  }
  return plan;
}

/** The plan as a person reads it: a line for each difference, secrets masked. */
export function toText(plan: readonly Planned[]): string {
  return plan.map(toParagraph).join('');
}

/**
 * Does what a plan says, and nothing it did not show: each target is read anew before it is written whole, so that what others changed meanwhile stays.
 * Broken off at any line, it can be run again.
 */
export async function apply(
  targets: readonly Target[],
  {confirm, tell, backup, progress}: ApplyOptions,
): Promise<Applied> {
  const plan = await makePlan(targets, progress);
  const objections = plan.flatMap(({look}) => look.objections.map(toPrintable));
  if (objections.length > 0) throw new ProvisionError('held back', `${objections.join('\n')}\nNothing was changed.`);
  const changing = plan.filter(({look}) => look.changes.length > 0 || look.rewrite);
  if (changing.length === 0) return 'nothing to do';
  if (!(await confirm(toText(plan)))) return 'declined';

  const kept = createBackup(backup, path => tell(`What stood before is kept in ${path}.`));
  for (const {target, look: shown} of changing) {
    const look = await watch(`reading ${target.name} again`, target.look(), progress);
    mustBeAsShown(target.name, look, shown);
    if (look.changes.length === 0 && !look.rewrite) {
      tell(`${target.name}: as it should be`);
      continue;
    }
    kept.keep(target.name, look.before);
    await watch(`writing ${target.name}`, look.apply(), progress);
    await watch(`reading ${target.name} back`, verify(target), progress);
    tell(`${target.name}: written`);
  }
  return 'applied';
}

/** Puts back what a backup kept, the last change first, and keeps what it replaces; nothing where a part of it has no place to go. */
export async function restore(targets: readonly Target[], path: string, asking: Keeping): Promise<void> {
  const {tell, backup, progress} = asking;
  const found = readBackup(path).map(({target: name, before}) => {
    const target = targets.find(candidate => candidate.name === name);
    if (target === undefined) throw new ProvisionError('held back', `${path} keeps ${name}${toMissing(name)}`);
    return {target, before};
  });
  const kept = createBackup(backup, name => tell(`What stood before is kept in ${name}.`));
  for (const {target, before} of found.reverse()) {
    await watch(`reading ${target.name}`, keepStanding(target, kept, tell), progress);
    const done = await watch(`writing ${target.name}`, putBack(target, before, path), progress);
    tell(done === 'stays' ? `${target.name}: nothing is kept of it: it stays` : `${target.name}: put back`);
  }
}

/** What is not understood is no reason to leave it: a backup may be what mends it. Kept as nothing, it would be emptied by what puts that back. */
async function keepStanding(target: Target, kept: Backup, tell: (line: string) => void): Promise<void> {
  let standing: unknown;
  try {
    standing = (await target.look()).before;
  } catch (error) {
    if (!(error instanceof ProvisionError) || error.trouble !== 'refused') throw error;
    return tell(`${target.name}: what stands there is not understood, and so not kept`);
  }
  kept.keep(target.name, standing);
}

async function putBack(target: Target, before: unknown, path: string): Promise<'put back' | 'stays'> {
  try {
    return await target.restore(before);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const message = `${path} does not hold ${target.name} in the form it was kept in: correct it there, and restore again.`;
    throw new ProvisionError('held back', message);
  }
}

function toMissing(name: string): string {
  const mend =
    name === sectionsName
      ? ', which is put back by --gax or --gws: say the one it was written by.'
      : ', which the file does not know: give the file of that time with --config.';
  return `${mend} Nothing was changed.`;
}

/** A person said yes to what the plan showed, to nothing else. */
function mustBeAsShown(name: string, look: Look, shown: Look): void {
  const known = shown.changes.map(({text}) => text);
  const others = [...look.objections, ...look.changes.map(({text}) => text).filter(text => !known.includes(text))];
  if (others.length === 0) return;
  const message = `${name} was changed by somebody since the plan was made, and is left as it is:\n${others.map(text => `  ${toPrintable(text)}\n`).join('')}Look at the plan again.`;
  throw new ProvisionError('held back', message);
}

async function verify(target: Target): Promise<void> {
  const {readable, changes} = await target.look();
  if (!readable || changes.length === 0) return;
  const differences = changes.map(({text}) => `  ${toPrintable(text)}\n`).join('');
  throw new ProvisionError('refused', `${target.name} was written and reads back differently:\n${differences}`);
}

function toParagraph({target, look}: Planned): string {
  const lines = [
    ...look.changes.map(({sign, text}) => `  ${sign} ${text}`),
    ...(look.rewrite ? ['  ~ written whole, as asked'] : []),
    ...look.notes.map(note => `  note: ${note}`),
    ...look.objections.map(objection => `  ! ${objection}`),
  ];
  const isRight = look.changes.length === 0 && !look.rewrite;
  const head = isRight ? `${target.name}: as it should be` : target.name;
  return `${[head, ...lines].map(toPrintable).join('\n')}\n`;
}
