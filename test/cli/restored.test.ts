import test from 'ava';
import {type CommandIo, runCommand} from '../../src/cli/index.ts';

function createIo(rest: Partial<CommandIo>) {
  const printed = {out: '', err: ''};
  const io: CommandIo = {
    out: text => {
      printed.out += text;
    },
    err: text => {
      printed.err += text;
    },
    env: {GATEWAY_CONFIG: 'other.yaml'},
    readConfig: () => ({config: JSON.parse('{}')}),
    settingsMarkdown: () => '',
    ...rest,
  };
  return {io, printed};
}

test('tells how much was set aside, of the configuration that is named or served', async t => {
  const asked: string[] = [];
  const setStoreAside = async (path: string) => {
    asked.push(path);
    return {count: 7};
  };
  const {io, printed} = createIo({setStoreAside});
  t.is(await runCommand(['restored', 'gateway.yaml'], io), 0);
  t.is(await runCommand(['restored', '--json'], io), 0);
  t.deepEqual(asked, ['gateway.yaml', 'other.yaml']);
  t.regex(printed.out, /^7 texts, posts and receipts were set aside\..*\n\{\n {2}"setAside": 7\n\}\n$/);
});

test('ends with 78 and the reason when a gateway still runs, or the file has mistakes', async t => {
  const {io, printed} = createIo({setStoreAside: async () => ({refused: 'a gateway runs'})});
  t.is(await runCommand(['restored'], io), 78);
  t.is(printed.err, 'a gateway runs\n');
  const mistaken = createIo({
    readConfig: () => ({mistakes: [{file: 'a.yaml', line: 1, path: 'store', message: 'is odd'}]}),
  });
  t.is(await runCommand(['restored', 'a.yaml'], mistaken.io), 78);
  t.is(mistaken.printed.err, 'a.yaml has mistakes:\n  a.yaml:1 store: is odd\nNothing was changed.\n');
});
