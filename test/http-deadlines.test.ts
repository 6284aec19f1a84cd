import {EventEmitter, once} from 'node:events';
import test from 'ava';
import {createDeadlines} from '../src/http-deadlines.ts';

/** Its timer keeps no process alive. */
async function until(called: Promise<unknown>): Promise<void> {
  const alive = setTimeout(() => undefined, 30_000);
  await called;
  clearTimeout(alive);
}

test('calls what was not forgotten, each once, in the order the waits began, and not before their length', async t => {
  const lengthMs = 300;
  const deadlines = createDeadlines(lengthMs);
  const events = new EventEmitter();
  const called: string[] = [];
  const beganAt = performance.now();
  deadlines.watch(() => void called.push('first'));
  const forgotten = deadlines.watch(() => void called.push('forgotten'));
  deadlines.watch(() => {
    called.push('last');
    events.emit('last');
  });
  deadlines.forget(forgotten);
  await until(once(events, 'last'));
  t.true(performance.now() - beganAt >= lengthMs);
  t.deepEqual(called, ['first', 'last']);
});

test('watches again after all were called', async t => {
  const deadlines = createDeadlines(1);
  for (const _ of [1, 2]) await until(new Promise<void>(resolve => deadlines.watch(resolve)));
  t.pass();
});
