import {createBackup, readBackup} from './backup.ts';
import {type Progress, watch} from './progress.ts';
import {type Look, ProvisionError, type Target} from './target.ts';

export interface Planned {
  target: Target;
  look: Look;
}

export interface ApplyOptions {
  /** Shown the plan; false: nothing is done. */
  confirm(plan: string): Promise<boolean>;
  tell(line: string): void;
  progress: Progress;
  /** Where what is replaced is kept; a free name when it is not given. */
  backup: string | undefined;
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

/** Does what a plan says. Broken off at any line, it can be run again: each target is read anew and written whole. */
export async function apply(
  targets: readonly Target[],
  {confirm, tell, backup, progress}: ApplyOptions,
): Promise<Applied> {
  const plan = await makePlan(targets, progress);
  const objections = plan.flatMap(({look}) => look.objections);
  if (objections.length > 0) throw new ProvisionError('held back', `${objections.join('\n')}\nNothing was changed.`);
  const changing = plan.filter(({look}) => look.changes.length > 0 || look.rewrite);
  if (changing.length === 0) return 'nothing to do';
  if (!(await confirm(toText(plan)))) return 'declined';

  const kept = createBackup(backup);
  tell(`What stood before is kept in ${kept.path}.`);
  for (const {target, look} of changing) {
    kept.keep(target.name, look.before);
    await watch(`writing ${target.name}`, look.apply(), progress);
    await watch(`reading ${target.name} back`, verify(target), progress);
    tell(`${target.name}: written`);
  }
  return 'applied';
}

/** Puts back what a backup kept, the last change first. */
export async function restore(targets: readonly Target[], path: string, tell: (line: string) => void): Promise<void> {
  for (const {target: name, before} of readBackup(path).reverse()) {
    const target = targets.find(candidate => candidate.name === name);
    if (target === undefined) {
      const message = `${path} keeps ${name}, which the file does not know: give the file of that time with --config.`;
      throw new ProvisionError('held back', message);
    }
    const done = await target.restore(before);
    tell(done === 'stays' ? `${name}: there was none, and it can't be deleted: it stays` : `${name}: put back`);
  }
}

async function verify(target: Target): Promise<void> {
  const {readable, changes} = await target.look();
  if (!readable || changes.length === 0) return;
  const differences = changes.map(({text}) => `  ${text}\n`).join('');
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
  return `${[head, ...lines].join('\n')}\n`;
}
