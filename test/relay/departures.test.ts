import test from 'ava';
import type {Priority} from '../../src/core/message.ts';
import type {Pace} from '../../src/core/pace.ts';
import {createDepartures} from '../../src/relay/departures.ts';
import {until} from '../helpers/until.ts';

/** So many may leave now; the others when the test gives more. */
function createGate(first: number) {
  let free = first;
  const left: string[] = [];
  const pace = {
    leaveMs: () => (free > 0 ? 0 : 1),
    leave() {
      free -= 1;
    },
  } as unknown as Pace;
  const departures = createDepartures(pace, Date.now);
  return {
    left,
    stop: departures.stop,
    give(more: number) {
      free += more;
    },
    leave(name: string, priority: Priority) {
      const turn = departures.leave(priority);
      if (turn === undefined) left.push(name);
      else void turn.then(() => left.push(name));
    },
  };
}

test('who may leave does at once', t => {
  const gate = createGate(2);
  gate.leave('b1', 'bulk');
  gate.leave('i1', 'interactive');
  t.deepEqual(gate.left, ['b1', 'i1']);
});

test('of those that wait agents’ texts leave first, and each class in its order', async t => {
  const gate = createGate(0);
  for (const name of ['b1', 'b2', 'b3']) gate.leave(name, 'bulk');
  for (const name of ['i1', 'i2']) gate.leave(name, 'interactive');
  gate.give(3);
  await until('three have left', () => gate.left.length === 3);
  t.deepEqual(gate.left, ['i1', 'i2', 'b1']);
  gate.give(1);
  gate.leave('b4', 'bulk');
  await until('four have left', () => gate.left.length === 4);
  gate.give(2);
  await until('all have left', () => gate.left.length === 6);
  t.deepEqual(gate.left, ['i1', 'i2', 'b1', 'b2', 'b3', 'b4']);
});

test('one of ten that leave is a bulk one, however many agents’ texts there are', async t => {
  const gate = createGate(0);
  for (let number = 1; number <= 3; number += 1) gate.leave(`b${number}`, 'bulk');
  for (let number = 1; number <= 30; number += 1) gate.leave(`i${number}`, 'interactive');
  gate.give(30);
  await until('thirty have left', () => gate.left.length === 30);
  t.deepEqual(
    gate.left.flatMap((name, index) => (name.startsWith('b') ? [`${name} ${index}`] : [])),
    ['b1 9', 'b2 19', 'b3 29'],
  );
  gate.give(3);
  await until('all have left', () => gate.left.length === 33);
});

test('nobody waits for a turn when the relay stops', async t => {
  const gate = createGate(0);
  gate.leave('b1', 'bulk');
  gate.leave('i1', 'interactive');
  gate.stop();
  gate.leave('i2', 'interactive');
  await until('all are let go', () => gate.left.length === 3);
  t.deepEqual(gate.left.toSorted(), ['b1', 'i1', 'i2']);
});
