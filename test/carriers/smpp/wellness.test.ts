import test from 'ava';
import type {Reply} from '../../../src/carriers/smpp/session/in-flight.ts';
import {createWellness} from '../../../src/carriers/smpp/session/wellness.ts';
import {type CodeMapping, defaultCodeMapping} from '../../../src/carriers/smpp/status-defaults.ts';

const answer = (status: number, command = 'submit_sm_resp'): Reply => ({
  kind: 'response',
  pdu: {command, status, sequence: 1, fields: {}},
  latencyMs: 1,
});
const silent: Reply = {kind: 'silent'};

function openWellness(now = 0, codes: CodeMapping = defaultCodeMapping) {
  const clock = {now};
  const wellness = createWellness(() => clock.now);
  return {...wellness, learn: (reply: Reply) => wellness.learn(reply, codes), clock};
}

test('three bad answers in a row make it ill, however many good ones there were', t => {
  const {learn, isIll} = openWellness();
  for (const status of [0, 0x08, 0x08, 0, 0x08, 0x08]) t.is(learn(answer(status)), undefined);
  t.false(isIll());
  t.is(learn(silent), 'ill');
  t.is(learn(answer(0x08)), undefined, 'told once');
  t.true(isIll());
});

const tellsOfText = test.macro({
  exec(t, status: number) {
    const {learn, isIll} = openWellness();
    for (let text = 1; text <= 5; text += 1) learn(answer(status));
    t.false(isIll());
  },
  title: (_what = '', status: number) => `0x${status.toString(16)} tells of one text or of the pace`,
});
for (const status of [0x0b, 0x14, 0x45, 0x58, 0x64, 0xfe, 0x104]) test(tellsOfText, status);

for (const genericErrorCode of [0, 3])
  test(`0x08 tells of one text where the account maps it to ${genericErrorCode}`, t => {
    const meaning = {genericErrorCode, genericErrorCause: 'DEST_ADDR_INVALID', description: ''};
    const {learn, isIll} = openWellness(0, {...defaultCodeMapping, 8: meaning});
    for (let text = 1; text <= 5; text += 1) learn(answer(0x08));
    t.false(isIll());
  });

test('a generic_nack that could not read the PDU is a bad answer, a link that was cut none', t => {
  const {learn, isIll} = openWellness();
  for (let text = 1; text <= 5; text += 1) learn({kind: 'cut', left: true});
  t.false(isIll());
  for (let text = 1; text <= 3; text += 1) learn(answer(0x03, 'generic_nack'));
  t.true(isIll());
});

test('it rests longer each time, whatever was in flight when it fell ill, until an answer is as it should be', t => {
  const {learn, isIll, isResting, clock} = openWellness(1000);
  for (let text = 1; text <= 10; text += 1) learn(answer(0x08));
  for (const restMs of [5000, 10_000, 20_000, 20_000]) {
    clock.now += restMs - 1;
    t.true(isResting(), `${restMs}`);
    clock.now += 1;
    t.false(isResting(), `${restMs}`);
    t.true(isIll());
    learn(silent);
  }
  clock.now += 20_000;
  t.is(learn(answer(0)), 'well');
  t.false(isIll());
  t.false(isResting());
});
