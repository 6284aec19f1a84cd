import {type Answer, holdKey, type Query, type Value, type Work} from '../work.ts';
import type {Session} from './session.ts';

export interface Run {
  work: Work<unknown>;
  /** What its operation holds; the operation's own set. */
  held: ReadonlySet<string>;
  /** Rather than wait for somebody else's transaction it is carried out by a later one. */
  mayComeLater?: boolean;
}

/** Not SQL either: these operations are carried out beside each other, and their results are the rows. */
export const abreast = 'abreast';

export interface Abreast extends Query {
  sql: typeof abreast;
  runs: Run[];
}

export type Outcome = {value: unknown} | {error: unknown} | {later: true};

interface Step extends Run {
  mayComeLater: boolean;
  query: Query | undefined;
  outcome: Outcome | undefined;
  /** Of those it waits for. */
  children: Step[] | undefined;
  /** What it asked for and does not have yet. */
  wants: string | undefined;
}

/**
 * Carries out operations beside each other on one connection: in each round, all that want the same statement get it by one. Those that hold the
 * same key come one after the other, in the order given. What an operation throws is its outcome; what the database refuses is thrown. Those that
 * may come later, and have only read, do when another transaction has their first key: the rest of the group need not wait for it.
 */
export async function driveAbreast(session: Session, runs: readonly Run[]): Promise<Outcome[]> {
  const steps = runs.map(toStep);
  const active = [...steps];
  for (const step of active) advance(step, undefined);
  /** Keys of others. */
  const missed = new Set<string>();
  for (;;) {
    adopt(active);
    const live = active.filter(({outcome}) => outcome === undefined);
    if (live.length === 0) return steps.map(({outcome}) => outcome ?? {error: new Error('an operation did not end')});
    const asking = live.filter(({query, children, wants}) => query !== undefined && !children && wants === undefined);
    const next = asking.length > 0 ? asking : grant(live);
    if (next.length === 0) throw new Tangled();
    const ours = next.filter(step => !comesLater(step, missed));
    if (ours.length > 0) await answer(session, ours, missed);
  }
}

function toStep({work, held, mayComeLater = false}: Run): Step {
  return {work, held, mayComeLater, query: undefined, outcome: undefined, children: undefined, wants: undefined};
}

/** So does everybody behind it who wants the same key: the order of those stays. */
function comesLater(step: Step, missed: ReadonlySet<string>): boolean {
  if (!step.mayComeLater || step.wants === undefined || !missed.has(step.wants)) return false;
  step.outcome = {later: true};
  return true;
}

function advance(step: Step, answered: Answer | undefined): void {
  try {
    const {done, value} = answered === undefined ? step.work.next() : step.work.next(answered);
    step.query = done === true ? undefined : value;
    step.wants = done !== true && value.sql === holdKey ? String(value.values[0]) : undefined;
    if (done === true) step.outcome = {value};
  } catch (error) {
    step.query = undefined;
    step.wants = undefined;
    step.outcome = {error};
  }
}

/** Takes in the children of those that have some, and lets those go on whose children have all ended. */
function adopt(active: Step[]): void {
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const step of [...active]) {
      if (step.children?.every(({outcome}) => outcome !== undefined)) {
        finishChildren(step, step.children);
        isChanged = true;
      } else if (step.children === undefined && isAbreast(step.query)) {
        step.children = step.query.runs.map(toStep);
        active.push(...step.children);
        for (const child of step.children) advance(child, undefined);
        isChanged = true;
      }
    }
  }
}

function finishChildren(step: Step, children: readonly Step[]): void {
  step.children = undefined;
  const values: unknown[] = [];
  for (const {outcome} of children) {
    if (outcome !== undefined && 'value' in outcome) values.push(outcome.value);
    else {
      step.query = undefined;
      step.outcome = outcome;
      return;
    }
  }
  advance(step, {rows: values, changes: 0});
}

function isAbreast(query: Query | undefined): query is Abreast {
  return query?.sql === abreast;
}

/** Operations of one group wait for each other: none of them is at fault, and one by one they all can be carried out. */
export class Tangled extends Error {
  constructor() {
    super('operations of one group wait for each other');
    this.name = 'Tangled';
  }
}

/** Those whose key nobody before them holds or wants. */
function grant(live: readonly Step[]): Step[] {
  const taken = new Set(live.flatMap(({held}) => [...held]));
  return live.filter(({wants, held}) => {
    if (wants === undefined || (taken.has(wants) && !held.has(wants))) return false;
    taken.add(wants);
    return true;
  });
}

/** Who has to wait for a key does before any other is taken: whoever waits holds as little as can be. */
async function answer(session: Session, steps: readonly Step[], missed: Set<string>): Promise<void> {
  const trying = steps.filter(({wants, mayComeLater}) => wants !== undefined && mayComeLater);
  await answerAll(
    session,
    steps.filter(step => !trying.includes(step)),
  );
  if (trying.length === 0) return;
  const got = await session.tryKeys(trying.map(({wants = ''}) => wants));
  for (const [index, {wants = ''}] of trying.entries()) if (got[index] !== true) missed.add(wants);
  for (const step of trying) if (!comesLater(step, missed)) advance(step, {rows: [], changes: 0});
}

async function answerAll(session: Session, steps: readonly Step[]): Promise<void> {
  const groups = [...Map.groupBy(steps, ({query}) => query?.sql ?? '')];
  for (const [sql, own] of groups) if (!isRead(sql)) for (const step of own) step.mayComeLater = false;
  const answers = await Promise.all(groups.map(([sql, own]) => session.queryAll(sql, own.map(toValues))));
  for (const [index, [, own]] of groups.entries()) {
    for (const [position, step] of own.entries()) {
      const answered = answers[index]?.[position];
      if (answered !== undefined) advance(step, answered);
    }
  }
}

function isRead(sql: string): boolean {
  return /^\s*select\b/.test(sql);
}

function toValues({query}: Step): Value[] {
  return query?.values ?? [];
}
