import {createServer, request} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld} from '../helpers/world.ts';

const from = ['14155550123', '14155550124', '14155550125', '14155550126', '14155550127', '14155550128', '14155550129'];

/** What stands in front of Nexus and looks into what goes by: an answer of its own, or undefined to pass it on. */
type Guard = (path: string, body: string) => number | undefined;

async function startGuard(t: ExecutionContext, guard: Guard) {
  let target = '';
  const server = createServer(async (incoming, response) => {
    const body = await text(incoming);
    const status = guard(incoming.url ?? '', body);
    if (status !== undefined) {
      response.writeHead(status).end('refused');
      return;
    }
    const {method, headers} = incoming;
    request(target + incoming.url, {method, headers}, answer =>
      answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers)),
    ).end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return (file: string) => {
    target = /url: (\S+)/.exec(file)?.[1] ?? '';
    return file.replace(`url: ${target}`, `url: ${own}`);
  };
}

/** With a clock that can be put forward. */
async function start(t: ExecutionContext, guard: Guard) {
  let skippedMs = 0;
  const edit = await startGuard(t, guard);
  const world = await startWorld(t, {
    edit,
    now: () => Date.now() + skippedMs,
    more: {smsc: '    messagesPerSecond: 200'},
  });
  return {
    world,
    later(ms: number) {
      skippedMs += ms;
    },
    phone: (phone: string | undefined, words: string) =>
      world.peers.smsc.sendFromPhone({from: phone ?? '', to: made.smppChannel, text: words}),
    posted: () =>
      world.peers.nexus.messages.flatMap(({accepted, messages}) =>
        accepted ? messages.map(message => (message as {text: string}).text) : [],
      ),
    async letters() {
      const {deadLetters} = (await world.api('/api/dead-letters')).body as {deadLetters: Array<{reason: string}>};
      return deadLetters.map(({reason}) => reason);
    },
  };
}

test('a text that a firewall refuses by its words is a dead letter, and holds up nobody else', async t => {
  const {world, phone, posted, letters, later} = await start(t, (_, body) =>
    body.includes('<script>') ? 403 : undefined,
  );
  for (const number of from.slice(0, 6)) await phone(number, '<script>alert(1)</script>');
  const parkings = () => world.lines.filter(line => line.includes('"queue.parked"')).length;
  await until('the parking', () => parkings() > 0);
  const before = parkings();
  await phone(from[6], 'my card was stolen');
  const probed = () => {
    later(31_000);
    return posted().length > 0;
  };
  await until('the text of somebody else', probed, 20_000);
  t.deepEqual(await letters(), []);
  await until('the parking anew', () => {
    later(31_000);
    return parkings() > before;
  });
  t.deepEqual(await letters(), []);
  const others = ['my card was stolen'];
  await until(
    'a dead letter of each, while others write',
    async () => {
      if (posted().length === others.length) {
        others.push(`please call, ${others.length}`);
        await phone(from[6], others.at(-1) ?? '');
      }
      later(31_000);
      return (await letters()).length === 6;
    },
    20_000,
  );
  await phone(from[0], 'sorry');
  await until('the next text of the same phone', () => posted().includes('sorry'));
  await until('all others', () => posted().length === others.length + 1);
  t.deepEqual(new Set(posted()), new Set([...others, 'sorry']));
  t.deepEqual(new Set(await letters()), new Set(['post_refused']));
});

test('a receipt for a message Nexus does not know is a dead letter, and holds up no other', async t => {
  let unknown = '';
  const guard: Guard = (path, body) => (path.endsWith('/receipts') && body.includes(unknown || '?') ? 404 : undefined);
  const {world, letters, later} = await start(t, guard);
  world.peers.smsc.faults.receipts.delayMs = 200;
  unknown = await world.send({to: '+14155550123', text: 'known to nobody'});
  await until('the parking', () => world.lines.some(line => line.includes('"queue.parked"')));
  const receipts = () => world.peers.nexus.receipts.filter(({accepted}) => accepted).length;
  let others = 0;
  await until(
    'the dead letter, while others are told',
    async () => {
      if (receipts() === others) {
        others += 1;
        await world.send({to: '+14155550124', text: `known, ${others}`});
      }
      later(31_000);
      return (await letters()).length > 0;
    },
    20_000,
  );
  await until('all others', () => receipts() === others);
  t.deepEqual(await letters(), ['post_refused']);
});

test('nothing is a dead letter while everything is refused, nor what passes once it is mended', async t => {
  let status: number | undefined = 401;
  const {world, phone, posted, letters, later} = await start(t, path =>
    path.endsWith('/messages') ? status : undefined,
  );
  for (const number of from) await phone(number, `text of ${number}`);
  await until('the parking', () => world.lines.some(line => line.includes('"queue.parked"')));
  const tries = () => world.lines.filter(line => line.includes('"inbound.post_unavailable"')).length;
  const before = tries();
  later(31_000);
  await until('a probe of all', () => tries() >= before + from.length);
  t.deepEqual(await letters(), []);
  status = undefined;
  later(31_000);
  await until('all of them', () => posted().length === from.length);
  t.deepEqual(await letters(), []);
});
