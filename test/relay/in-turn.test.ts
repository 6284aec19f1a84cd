import test from 'ava';
import {createTurns} from '../../src/relay/in-turn.ts';

test('one name goes in order, also after a failure; another does not wait', async t => {
  const inTurn = createTurns();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = inTurn('a', async () => {
    await gate.promise;
    done.push('a1');
    throw new Error('a1 failed');
  });
  const second = inTurn('a', async () => done.push('a2'));
  await inTurn('b', async () => done.push('b1'));
  t.deepEqual(done, ['b1']);
  gate.resolve();
  await t.throwsAsync(first, {message: 'a1 failed'});
  await second;
  t.deepEqual(done, ['b1', 'a1', 'a2']);
  t.is(await inTurn('a', async () => 'again'), 'again');
});
