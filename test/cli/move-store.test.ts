import test from 'ava';
import type {CommandIo} from '../../src/cli/index.ts';
import {runCommand} from '../../src/cli/index.ts';

function createIo(moveStore: CommandIo['moveStore']) {
  let out = '';
  let err = '';
  const io: CommandIo = {
    out: text => {
      out += text;
    },
    err: text => {
      err += text;
    },
    env: {},
    readConfig: () => ({mistakes: []}),
    settingsMarkdown: () => '',
    moveStore,
  };
  return {io, printed: () => ({out, err})};
}

test('tells how far it is, and how many messages were moved', async t => {
  const {io, printed} = createIo(async (from, to, tell) => {
    tell(`from ${from} to ${to}`);
    return {moved: new Map([['message', 12]])};
  });
  t.is(await runCommand(['move-store', 'sqlite:a.db', 'postgres://db/a'], io), 0);
  t.regex(printed().out, /^Moved 12 messages/);
  t.is(printed().err, 'from sqlite:a.db to postgres://db/a\n');
});

test('ends with 78 and the reason when nothing was moved', async t => {
  const {io, printed} = createIo(async () => ({refused: 'there is a gateway on it'}));
  t.is(await runCommand(['move-store', 'sqlite:a.db', 'postgres://db/a', '--json'], io), 78);
  t.deepEqual(printed(), {out: '', err: 'there is a gateway on it\n'});
});

test('wants both stores', async t => {
  const {io} = createIo(async () => ({refused: ''}));
  t.is(await runCommand(['move-store', 'sqlite:a.db'], io), 64);
});
