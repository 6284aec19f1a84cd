import {type Answer, holdKey, type Query, type Value, type Work} from '../work.ts';
import type {Session} from './session.ts';
import {createUnsent, type Unsent} from './unsent.ts';

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
  /** The place of what it wrote last. */
  wrote: number;
}

/** Of operations carried out together. */
interface Round {
  session: Session;
  unsent: Unsent;
  /** Keys of others. */
  missed: Set<string>;
}

/**
 * Carries out operations beside each other on one connection: in each round, all that want the same statement get it by one. Those that hold the
 * same key come one after the other, in the order given. What an operation throws is its outcome; what the database refuses is thrown. Those that
 * may come later, and have only read, do when another transaction has their first key: the rest of the group need not wait for it. What was
 * written last is sent, but its answer is not waited for: whoever commits hears of it.
 */
export async function driveAbreast(session: Session, runs: readonly Run[]): Promise<Outcome[]> {
  const round: Round = {session, unsent: createUnsent(), missed: new Set()};
  const steps = runs.map(run => toStep(run, -1));
  const active = [...steps];
  for (const step of active) advance(round, step, undefined);
  for (;;) {
    adopt(round, active);
    const live = active.filter(({outcome}) => outcome === undefined);
    if (live.length === 0) break;
    const asking = live.filter(({query, children, wants}) => query !== undefined && !children && wants === undefined);
    const next = asking.length > 0 ? asking : grant(live);
    if (next.length === 0) throw new Tangled();
    const ours = next.filter(step => !comesLater(step, round.missed));
    if (ours.length > 0) await answer(round, ours);
  }
  await sendUnsent(round);
  return steps.map(({outcome}) => outcome ?? {error: new Error('an operation did not end')});
}

function toStep({work, held, mayComeLater = false}: Run, wrote: number): Step {
  const nothing = {query: undefined, outcome: undefined, children: undefined, wants: undefined};
  return {work, held, mayComeLater, ...nothing, wrote};
}

/** So does everybody behind it who wants the same key: the order of those stays. */
function comesLater(step: Step, missed: ReadonlySet<string>): boolean {
  if (!step.mayComeLater || step.wants === undefined || !missed.has(step.wants)) return false;
  step.outcome = {later: true};
  return true;
}

const noAnswer: Answer = {rows: [], changes: 0};

/** To its end, or to what it has to wait for. */
function advance({unsent}: Round, step: Step, answered: Answer | undefined): void {
  try {
    let next = answered === undefined ? step.work.next() : step.work.next(answered);
    for (; next.done !== true && next.value.isBlind; next = step.work.next(noAnswer)) {
      step.wrote = unsent.add(next.value, step.wrote);
      step.mayComeLater = false;
    }
    const {done, value} = next;
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
function adopt(round: Round, active: Step[]): void {
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const step of [...active]) {
      if (step.children?.every(({outcome}) => outcome !== undefined)) {
        finishChildren(round, step, step.children);
        isChanged = true;
      } else if (step.children === undefined && isAbreast(step.query)) {
        step.children = step.query.runs.map(run => toStep(run, step.wrote));
        active.push(...step.children);
        for (const child of step.children) advance(round, child, undefined);
        isChanged = true;
      }
    }
  }
}

function finishChildren(round: Round, step: Step, children: readonly Step[]): void {
  step.children = undefined;
  step.wrote = Math.max(step.wrote, ...children.map(({wrote}) => wrote));
  const values: unknown[] = [];
  for (const {outcome} of children) {
    if (outcome !== undefined && 'value' in outcome) values.push(outcome.value);
    else {
      step.query = undefined;
      step.outcome = outcome;
      return;
    }
  }
  advance(round, step, {rows: values, changes: 0});
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
async function answer(round: Round, steps: readonly Step[]): Promise<void> {
  const {session, missed} = round;
  const trying = steps.filter(({wants, mayComeLater}) => wants !== undefined && mayComeLater);
  await answerAll(
    round,
    steps.filter(step => !trying.includes(step)),
  );
  if (trying.length === 0) return;
  const got = await session.tryKeys(trying.map(({wants = ''}) => wants));
  for (const [index, {wants = ''}] of trying.entries()) if (got[index] !== true) missed.add(wants);
  for (const step of trying) if (!comesLater(step, missed)) advance(round, step, noAnswer);
}

async function answerAll(round: Round, steps: readonly Step[]): Promise<void> {
  const {session} = round;
  await sendUnsent(round);
  const groups = [...Map.groupBy(steps, ({query}) => query?.sql ?? '')];
  for (const [sql, own] of groups) if (!isRead(sql)) for (const step of own) step.mayComeLater = false;
  const batches = groups.map(([sql, own]) => ({sql, all: own.map(toValues)}));
  await session.prepare(batches);
  const answers = await Promise.all(batches.map(({sql, all}) => session.queryAll(sql, all)));
  for (const [index, [, own]] of groups.entries()) {
    for (const [position, step] of own.entries()) {
      const answered = answers[index]?.[position];
      if (answered !== undefined) advance(round, step, answered);
    }
  }
}

/** Before all that is asked from now on. */
async function sendUnsent({session, unsent}: Round): Promise<void> {
  const batches = unsent.take();
  await session.prepare(batches);
  for (const {sql, all} of batches) session.send(sql, all);
}

function isRead(sql: string): boolean {
  return /^\s*select\b/.test(sql);
}

function toValues({query}: Step): Value[] {
  return query?.values ?? [];
}
