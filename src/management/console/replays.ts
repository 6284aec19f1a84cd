import {randomUUID} from 'node:crypto';
import type {Actor} from '../../core/audit.ts';
import {Refusal} from '../../core/refusal.ts';
import type {DeadLetter} from '../../store/store.ts';
import type {ManagementParts} from '../parts.ts';
import type {Answer, Visit} from './door.ts';
import {html} from './html.ts';
import type {Page} from './layout.ts';
import {toNumber} from './words.ts';

interface Run {
  id: string;
  by: Actor;
  state: 'running' | 'done' | 'stopped' | 'broken off: the store does not answer';
  replayed: number;
  /** Those that could not be, by why. */
  left: Map<string, number>;
}

const batch = 50;
const mostRuns = 20;
const refreshSeconds = 1;

/** Replays of many dead letters, one after the other, with a page that tells how far they are. They end with the process; what is left stays a dead letter. */
export function createReplays({store, operations, log}: ManagementParts) {
  const runs = new Map<string, Run>();

  async function start({form, session}: Visit): Promise<Answer> {
    const ids = form.getAll('id').slice(0, batch);
    const all = form.get('which') === 'all';
    if (!all && ids.length === 0)
      throw new Refusal(400, 'none_chosen', 'Choose at least one dead letter: go back and tick it.');
    const run: Run = {id: randomUUID(), by: session.by, state: 'running', replayed: 0, left: new Map()};
    const [oldest] = runs.keys();
    if (runs.size >= mostRuns && oldest !== undefined) runs.delete(oldest);
    runs.set(run.id, run);
    void carryOut(run, all ? listAll(form.get('reason') || undefined) : fromList(ids));
    return {to: `/console/dead-letters/replays/${run.id}`};
  }

  async function carryOut(run: Run, ids: AsyncIterable<string>): Promise<void> {
    try {
      for await (const id of ids) {
        if (run.state !== 'running') return;
        const result = await operations.replay(id, run.by);
        if (result === 'replayed') run.replayed += 1;
        else run.left.set(result, (run.left.get(result) ?? 0) + 1);
      }
      run.state = 'done';
    } catch (error) {
      run.state = 'broken off: the store does not answer';
      log.warn('console.fault', {
        path: '/console/dead-letters/replay',
        why: error instanceof Error ? error.name : 'a fault',
      });
    }
  }

  /** From the newest to the oldest, each seen once. */
  async function* listAll(reason: string | undefined): AsyncGenerator<string> {
    let before: string | undefined;
    do {
      const page: {deadLetters: DeadLetter[]; next: string | undefined} = await store.deadLetters({
        reason,
        limit: batch,
        before,
      });
      for (const {messageId} of page.deadLetters) yield messageId;
      before = page.next;
    } while (before !== undefined);
  }

  function find({params}: Visit): Run {
    const run = runs.get(params.id ?? '');
    if (run !== undefined) return run;
    throw new Refusal(
      404,
      'no_such_run',
      'This run is not known: it was long ago, or on another replica. The dead letters show what is left.',
    );
  }

  function stop(visit: Visit): Answer {
    const run = find(visit);
    if (run.state === 'running') run.state = 'stopped';
    return {to: `/console/dead-letters/replays/${run.id}`};
  }

  function show(visit: Visit): Page {
    const {id, state, replayed, left} = find(visit);
    const isRunning = state === 'running';
    const body = html`<section data-live id="progress" aria-live="polite"><p class="notice${state === 'done' && ' good'}">${isRunning ? 'Replaying…' : `It is ${state}.`}
<strong>${toNumber(replayed)}</strong> replayed. ${[...left].map(([why, count]) => `${toNumber(count)} left: ${why.replaceAll('_', ' ')}. `)}</p>
${isRunning && html`<form method="post" action="/console/dead-letters/replays/${id}/stop"><input type="hidden" name="formKey" value="${visit.session.formKey}"><button>Stop here</button></form>`}</section>
<p><a href="/console/dead-letters">Dead letters</a></p>`;
    return {title: 'Replay', body, ...(isRunning && {refreshSeconds})};
  }

  return {start, stop, show};
}

async function* fromList(ids: readonly string[]): AsyncGenerator<string> {
  yield* ids;
}
