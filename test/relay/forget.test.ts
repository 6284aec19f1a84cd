import test from 'ava';
import {createForget, type ForgetOptions} from '../../src/relay/forget.ts';
import {silent} from '../store/silent.ts';

test('a stop waits for the step an order is at, and the order stays', async t => {
  let steps = 0;
  let ended = false;
  let stopping: Promise<void> | undefined;
  const phone = '+14155550123';
  const step = async () => {
    steps += 1;
    if (steps === 2) stopping = forget.stop();
    await new Promise(resolve => setImmediate(resolve));
    return {forgotten: 1, underWay: 0, receiptsOwed: 0, next: steps < 1000 ? steps : undefined};
  };
  const store = {
    forgetOrders: async () => [{phone}, {phone: '+14155550124'}],
    forgetMore: step,
    forgetUnreadable: step,
    async forgetRest() {
      ended = true;
      return true;
    },
    isTidyOwed: async () => false,
    tidy: async () => ({isClean: true, bytes: 0}),
  };
  const recordings = {count: async () => 0, forget: async () => 0};
  const forget = createForget({store, recordings, log: silent} as unknown as ForgetOptions);
  await forget.start();
  while (stopping === undefined) await new Promise(resolve => setImmediate(resolve));
  await stopping;
  t.true(steps < 10, `${steps} steps`);
  t.false(ended);
});

test('an order that can not be carried out holds up no other', async t => {
  const [stuck, other] = ['+14155550123', '+14155550124'];
  const done = Promise.withResolvers<string>();
  const step = async () => ({forgotten: 0, underWay: 0, receiptsOwed: 0, next: undefined});
  const store = {
    forgetOrders: async () => [{phone: stuck}, {phone: other}],
    forgetMore: step,
    forgetUnreadable: step,
    async forgetRest(phone: string) {
      if (phone === stuck) throw new Error('it has to wait for a key');
      done.resolve(phone);
      return true;
    },
    isTidyOwed: async () => false,
    tidy: async () => ({isClean: true, bytes: 0}),
  };
  const recordings = {count: async () => 0, forget: async () => 0};
  const lines: string[] = [];
  const log = {...silent, error: (event: string) => void lines.push(event)};
  const forget = createForget({store, recordings, log} as unknown as ForgetOptions);
  t.teardown(forget.stop);
  await forget.start();
  t.is(await done.promise, other);
  await forget.stop();
  t.deepEqual([...new Set(lines)], ['upkeep.failed']);
});

test('an order is under way until the files are tidied up after it, and what was tidied before is no news', async t => {
  const phone = '+14155550123';
  const step = async () => ({forgotten: 1, underWay: 0, receiptsOwed: 0, next: undefined});
  const tidying = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let tidied = 0;
  const store = {
    holdings: async () => ({messages: 1}),
    orderForget: async () => true,
    forgetMore: step,
    forgetUnreadable: step,
    forgetRest: async () => true,
    async tidy() {
      const turn = tidying[tidied++];
      await turn?.promise;
      return {isClean: true, bytes: 0};
    },
  };
  const recordings = {count: async () => 0, forget: async () => 0};
  const forget = createForget({store, recordings, log: silent} as unknown as ForgetOptions);
  for (const turn of tidying) {
    const ordered = forget.order(phone, {name: 'ops', role: 'operator'} as never, false);
    for (let turns = 0; turns < 20; turns += 1) await new Promise(resolve => setImmediate(resolve));
    t.true(forget.isUnderWay(phone));
    t.is(forget.lastTidied(), undefined);
    turn.resolve();
    t.is(await ordered, 'ordered');
    t.false(forget.isUnderWay(phone));
    t.like(forget.lastTidied(), {isClean: true});
  }
});
