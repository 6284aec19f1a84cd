import test from 'ava';
import type {LogFields} from '../src/core/log.ts';
import {createLog} from '../src/log.ts';

function collect(options: {level?: 'debug' | 'info' | 'warn' | 'error'; pretty?: boolean} = {}) {
  const lines: string[] = [];
  const destination = {write: (line: string) => lines.push(line)};
  return {lines, log: createLog({level: 'info', pretty: false, ...options, destination})};
}

test('writes one JSON object a line', t => {
  const {lines, log} = collect();
  log.warn('bind.lost', {carrier: 'smsc-a', link: 2, usable: false, why: undefined});
  t.is(lines.length, 1);
  t.true(lines[0]?.endsWith('\n'));
  const {time, ...line} = JSON.parse(lines[0] ?? '');
  t.regex(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  t.deepEqual(line, {level: 'warn', event: 'bind.lost', carrier: 'smsc-a', link: 2, usable: false});
});

test('leaves out what is below its level', t => {
  const {lines, log} = collect({level: 'warn'});
  log.debug('a.b');
  log.info('a.b');
  log.warn('a.b');
  log.error('a.b');
  t.is(lines.length, 2);
});

test('a child adds its fields to every line, and to those of its own children', t => {
  const {lines, log} = collect();
  log.child({carrier: 'smsc-a'}).child({link: 1}).info('bind.up', {window: 10});
  const {time: _, ...line} = JSON.parse(lines[0] ?? '');
  t.deepEqual(line, {level: 'info', event: 'bind.up', carrier: 'smsc-a', link: 1, window: 10});
});

const shows = test.macro({
  exec(t, fields: LogFields, expected: Record<string, unknown>) {
    const {lines, log} = collect();
    log.info('x.y', fields);
    const {time: _, level: __, event: ___, ...line} = JSON.parse(lines[0] ?? '');
    t.deepEqual(line, expected);
  },
  title: title => `shows ${title}`,
});

test(
  'phones masked in the fields that hold them',
  shows,
  {phone: '+14155550123', from: '14155550123', to: '44636'},
  {phone: '+1415555****', from: '1415555****', to: '4****'},
);
test('phones masked inside other words', shows, {why: 'no route to +14155550123!'}, {why: 'no route to +1415555****!'});
test(
  "phones without plus masked in carriers' words, and ids left alone elsewhere",
  shows,
  {why: 'bad number 14155550123 (21211)', carrierMessageId: '14155550123'},
  {why: 'bad number 1415555**** (21211)', carrierMessageId: '14155550123'},
);
test(
  'no secret and no text, should one get here',
  shows,
  {text: 'hi', apiSecret: 's', token: 't', Authorization: 'Bearer x'},
  {text: '[hidden]', apiSecret: '[hidden]', token: '[hidden]', Authorization: '[hidden]'},
);
test(
  'fields that are called as a column of ours beside it',
  shows,
  {event: 'mine', level: 3},
  {event_: 'mine', level_: 3},
);

test('never shows an object, whatever the types were told', t => {
  const {lines, log} = collect();
  const fields: LogFields = JSON.parse('{"error": {"config": {"headers": {"Authorization": "Basic abc"}}}}');
  log.error('x.y', fields);
  t.notRegex(lines.join(), /abc/);
});

test('a line holds no line break of a field', t => {
  const {lines, log} = collect();
  log.info('x.y', {why: 'first\nsecond'});
  t.is(lines.join('').split('\n').length, 2);
});

test('writes lines for people on a terminal', t => {
  const {lines, log} = collect({pretty: true});
  log.error('bind.lost', {carrier: 'smsc-a', why: 'closed by peer', phone: '+14155550123'});
  t.regex(
    lines[0] ?? '',
    /^\d\d:\d\d:\d\d\.\d{3} error bind\.lost carrier=smsc-a why="closed by peer" phone=\+1415555\*{4}\n$/,
  );
});
