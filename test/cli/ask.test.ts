import {PassThrough} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import {askYes} from '../../src/cli/ask.ts';

const answers = test.macro(async (t: ExecutionContext, typed: string, isYes: boolean) => {
  const input = new PassThrough();
  const output = new PassThrough();
  input.write(typed);
  t.is(await askYes('Do this? ', input, output), isYes);
  t.true(String(output.read()).includes('Do this? '));
});

test('yes is yes', answers, 'yes\r', true);
test('so is y, however it is written', answers, ' Y \r', true);
test('no is no', answers, 'no\r', false);
test('nothing said is no', answers, '\r', false);
test('Ctrl-C is no', answers, '\u0003', false);
test('Ctrl-C after half a word is no', answers, 'ye\u0003', false);
test('Ctrl-D is no', answers, '\u0004', false);

test('a terminal that is gone is no', async t => {
  const input = new PassThrough();
  const said = askYes('Do this? ', input, new PassThrough());
  input.end();
  t.false(await said);
});
