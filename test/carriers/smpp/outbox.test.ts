import {once} from 'node:events';
import {Socket} from 'node:net';
import {Writable} from 'node:stream';
import test from 'ava';
import {createOutbox} from '../../../src/carriers/smpp/session/outbox.ts';
import {createHostileSmsc} from '../../helpers/hostile-smsc.ts';
import {until} from '../../helpers/until.ts';

const answer = Buffer.alloc(16);

test('tells of a far side that goes on asking and takes no answers, before they fill the memory', async t => {
  let taken = 0;
  const blocked = new Writable({
    write() {
      taken += 1;
    },
  });
  let stuck = 0;
  const outbox = createOutbox(blocked as Socket, {onDrain() {}, onStuck: () => (stuck += 1)});
  outbox.answer(answer);
  await until('the first to be handed to the kernel', () => taken === 1);
  for (let waiting = 1; waiting <= 20_000; waiting += 1) outbox.answer(answer);
  t.is(stuck, 0);
  outbox.answer(answer);
  t.is(stuck, 1);
});

test('any number of answers is no trouble while they are taken', async t => {
  const smsc = await createHostileSmsc(t);
  const socket = new Socket().connect(smsc.port, smsc.host);
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  let stuck = 0;
  const outbox = createOutbox(socket, {onDrain() {}, onStuck: () => (stuck += 1)});
  const bytes = Buffer.from('00000010800000150000000000000007', 'hex');
  for (let round = 1; round <= 3; round += 1) {
    for (let each = 1; each <= 10_000; each += 1) outbox.answer(bytes);
    await until('them to be there', () => smsc.count(0x80000015) === round * 10_000);
  }
  t.is(stuck, 0);
});
