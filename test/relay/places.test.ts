import test from 'ava';
import type {Pace} from '../../src/core/pace.ts';
import {createPlaces} from '../../src/relay/places.ts';
import type {Senders} from '../../src/relay/senders.ts';

test('the next segment of a text finds a place where agents’ texts do, and new claims leave it that place', async t => {
  let free = 0;
  const account = {
    room: (_: number, priority?: string) => (priority === 'interactive' ? free : 0),
    waitMs: () => 1,
    take() {
      free -= 1;
    },
  } as unknown as Pace;
  const senders = {ofQueue: () => undefined, take() {}, waitMs: () => 0} as unknown as Senders;
  const places = createPlaces(account, senders, Date.now);
  const next = places.takeNext('queue');
  free = 1;
  t.is(places.room('interactive'), 0);
  t.true(await next);
  t.is(free, 0);
  places.stop();
});

test('who waits for the turn of its sender is let go when the relay stops', async t => {
  const account = {leaveMs: () => 0, leave() {}} as unknown as Pace;
  const slow = {leaveMs: () => 60_000} as unknown as Pace;
  const senders = {ofQueue: () => slow, leave() {}} as unknown as Senders;
  const places = createPlaces(account, senders, Date.now);
  const turn = places.leave('queue', 'interactive', 1);
  places.stop();
  await turn;
  t.is(places.leave('queue', 'interactive', 1), undefined);
});
