import test from 'ava';
import {createTurns} from '../../../src/carriers/twilio/turns.ts';

test('who waits too long gives it up, and takes nobody’s place', async t => {
  const turns = createTurns(1, 20);
  t.true(turns.begin());
  t.false(await turns.begin());
  turns.end();
  t.true(turns.begin(), 'the place was handed to who had gone');
});

test('a place goes to who has waited longest', async t => {
  const turns = createTurns(1, 20_000);
  t.true(turns.begin());
  const had: string[] = [];
  const waiting = ['first', 'second'].map(async name => {
    if (await turns.begin()) had.push(name);
  });
  turns.end();
  await waiting[0];
  t.deepEqual(had, ['first']);
  turns.end();
  await waiting[1];
  t.deepEqual(had, ['first', 'second']);
  turns.end();
  t.true(turns.begin());
});

test('nobody waits for a turn that will not come', async t => {
  const turns = createTurns(1, 20_000);
  t.true(turns.begin());
  const waiting = [turns.begin(), turns.begin()];
  turns.close();
  t.deepEqual(await Promise.all(waiting), [false, false]);
});
