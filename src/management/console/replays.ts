import {randomUUID} from 'node:crypto';
import type {Actor} from '../../core/audit.ts';
import {Refusal} from '../../core/refusal.ts';
import type {DeadLetterFilter} from '../../store/store.ts';
import type {ManagementParts, Place} from '../parts.ts';
import {readFilter} from './dead-letter-filter.ts';
import type {Answer, Visit} from './door.ts';
import {html} from './html.ts';
import type {Page} from './layout.ts';
import {toNumber} from './words.ts';

interface Run {
  id: string;
  by: Actor;
  state: 'running' | 'done' | 'stopped' | 'broken off: the store does not answer';
  replayed: number;
  /** How many there were when it began. */
  of: number;
  /** Those that could not be, by why. */
  left: Map<string, number>;
}

type Step = {replayed: number; left: Readonly<Record<string, number>>; of?: number};

const pageSize = 50;
const perSecond = 20;
const mostRuns = 20;
const refreshSeconds = 1;

/** Replays of many dead letters, with a page that tells how far they are. They end with the process; what is left stays a dead letter. */
export function createReplays({operations, log}: ManagementParts) {
  const runs = new Map<string, Run>();

  async function start({form, session}: Visit): Promise<Answer> {
    const ids = form.getAll('id').slice(0, pageSize);
    const all = form.get('which') === 'all';
    if (!all && ids.length === 0)
      throw new Refusal(400, 'none_chosen', 'Choose at least one dead letter: go back and tick it.');
    const steps = all ? replayAll(readFilter(form), session.by) : replayEach(ids, session.by);
    const run: Run = {id: randomUUID(), by: session.by, state: 'running', replayed: 0, of: 0, left: new Map()};
    const [oldest] = runs.keys();
    if (runs.size >= mostRuns && oldest !== undefined) runs.delete(oldest);
    runs.set(run.id, run);
    void carryOut(run, steps);
    return {to: `/console/dead-letters/replays/${run.id}`};
  }

  async function carryOut(run: Run, steps: AsyncIterable<Step>): Promise<void> {
    try {
      for await (const {replayed, left, of} of steps) {
        run.replayed += replayed;
        run.of = of ?? run.of;
        for (const [why, count] of Object.entries(left)) run.left.set(why, (run.left.get(why) ?? 0) + count);
        if (run.state !== 'running') return;
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

  async function* replayEach(ids: readonly string[], by: Actor): AsyncGenerator<Step> {
    for (const id of ids) {
      const result = await operations.replay(id, by);
      yield {...(result === 'replayed' ? {replayed: 1, left: {}} : {replayed: 0, left: {[result]: 1}}), of: ids.length};
    }
  }

  /** A second's worth at a time, so that the page moves and stops soon. */
  async function* replayAll(filter: DeadLetterFilter, by: Actor): AsyncGenerator<Step> {
    let at: Place | undefined;
    do {
      const {done, left, of, next} = await operations.replayMany({
        filter,
        by,
        limit: perSecond,
        perSecond,
        ...(at && {at}),
      });
      yield {replayed: done, left, ...(of !== undefined && {of})};
      at = next;
    } while (at !== undefined);
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
    const {id, state, replayed, of, left} = find(visit);
    const isRunning = state === 'running';
    const body = html`<section data-live id="progress" aria-live="polite"><p class="notice${state === 'done' && ' good'}">${isRunning ? 'Replaying…' : `It is ${state}.`}
<strong>${toNumber(replayed)}</strong> of ${toNumber(of)} replayed. ${[...left].map(([why, count]) => `${toNumber(count)} left: ${why.replaceAll('_', ' ')}. `)}</p>
${isRunning && html`<form method="post" action="/console/dead-letters/replays/${id}/stop"><input type="hidden" name="formKey" value="${visit.session.formKey}"><button>Stop here</button></form>`}</section>
<p><a href="/console/dead-letters">Dead letters</a></p>`;
    return {title: 'Replay', body, ...(isRunning && {refreshSeconds})};
  }

  return {start, stop, show};
}
