import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {openManagement, operatorToken, readerToken} from '../helpers/management-port.ts';
import {run} from '../helpers/run-command.ts';

test('an unknown command is told which there are', async t => {
  const {code, out, err} = await run(['doctr']);
  t.is(code, 64);
  t.is(out, '');
  t.regex(
    err,
    /^There is no command doctr\.\n[\s\S]*\n {2}start {5,}Starts[\s\S]*\n {2}check [\s\S]*\n {2}messages [\s\S]*\n {2}purge /,
  );
});

test('tells the commands when asked', async t => {
  const {code, out} = await run(['--help']);
  t.is(code, 0);
  t.regex(out, /^Usage: nexus-async-gateway <command>/);
});

test('start --help tells how it is told the file', async t => {
  const {code, out} = await run(['start', '--help']);
  t.is(code, 0);
  t.regex(out, /GATEWAY_CONFIG=gateway\.yaml/);
});

test('start takes nothing more', async t => {
  const {code, err} = await run(['start', 'gateway.yaml']);
  t.is(code, 64);
  t.regex(err, /name the configuration file in GATEWAY_CONFIG/);
});

for (const name of ['check', 'messages', 'replay', 'settle', 'pause', 'resume', 'purge']) {
  test(`${name} --help tells its options and exit codes`, async t => {
    const {code, out} = await run([name, '--help']);
    t.is(code, 0);
    t.true(out.startsWith(`Usage: nexus-async-gateway ${name} `));
    t.true(out.includes('--json'));
    t.true(out.includes('Exit codes:'));
  });
}

const fails = test.macro({
  async exec(t, argv: string[], env: Record<string, string>, code: number, sentence: RegExp) {
    const {url, calls} = await openManagement(t);
    const ran = await run([...argv, '--url', url], env);
    t.is(ran.code, code);
    t.regex(ran.err, sentence);
    t.is(ran.out, '');
    t.deepEqual(calls, []);
  },
  title: (title, argv: string[]) => `${argv.join(' ')} ${title ?? ''}`.trim(),
});

const operator = {GATEWAY_TOKEN: operatorToken};
test('needs a token', fails, ['messages'], {}, 64, /^A token is needed: set GATEWAY_TOKEN/);
test('tells of a wrong token', fails, ['messages'], {GATEWAY_TOKEN: 'wrong'}, 77, /token listed in management\.tokens/);
test('tells of a token that may only read', fails, ['pause'], {GATEWAY_TOKEN: readerToken}, 77, /may only read/);
test(
  'tells of an option that is none',
  fails,
  ['messages', '--fone', '1'],
  operator,
  64,
  /--fone[\s\S]*messages --help/,
);
test('tells of an option without its value', fails, ['messages', '--phone', '--limit'], operator, 64, /--phone/);
test(
  'takes no operand, which would have paused everything',
  fails,
  ['pause', '16504661149'],
  operator,
  64,
  /--channel/,
);
test('needs a message', fails, ['replay'], operator, 64, /Name messages, say which by a filter/);
test('needs a fate', fails, ['settle', 'm-1'], operator, 64, /--as sent, failed or retry/);
test('hands on what the gateway refuses', fails, ['messages', '--state', 'gone'], operator, 1, /query parameter state/);
test(
  'hands on that there is no such message',
  fails,
  ['messages', '--limit', 'many'],
  operator,
  1,
  /query parameter limit/,
);

test('tells that nobody answers, and what to check', async t => {
  const port = await findClosedPort();
  const {code, err} = await run(['messages', '--url', `http://127.0.0.1:${port}`]);
  t.is(code, 69);
  t.regex(err, /^No gateway answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\): check --url/);
});

test('never prints the token', async t => {
  const {url} = await openManagement(t);
  const {out, err} = await run(['messages', '--url', `${url}x`]);
  t.false((out + err).includes(operatorToken));
});

function findClosedPort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

for (const stream of ['stdout', 'stderr'] as const) {
  test(`ends without a word when nobody reads its ${stream}`, async t => {
    const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
    const argv = stream === 'stdout' ? ['check', '--settings'] : ['nothing'];
    const child = spawn(process.execPath, [main, ...argv], {stdio: ['ignore', 'pipe', 'pipe']});
    child[stream].destroy();
    let told = '';
    const other = stream === 'stdout' ? child.stderr : child.stdout;
    other.on('data', chunk => {
      told += chunk;
    });
    const [code] = await once(child, 'close');
    t.true([0, 64, 141].includes(code), String(code));
    t.is(told, '');
  });
}
