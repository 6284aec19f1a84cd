import test from 'ava';
import {ConfigError, loadConfig} from '../src/config.ts';
import {defaultAnswers} from '../src/core/consent.ts';
import {toWords} from '../src/core/keywords.ts';
import {goodFile, load, writeFiles} from './helpers/config-file.ts';
import {partyTypes} from './helpers/party-types.ts';

test('a good file becomes one frozen object with derived values and defaults', t => {
  const {config, mistakes} = load(t, goodFile);
  t.deepEqual(mistakes, []);
  t.deepEqual(config?.listen, {host: '0.0.0.0', port: 8080});
  t.deepEqual(config?.management, {host: '127.0.0.1', port: 8081, tokens: [], metricsOpen: false});
  t.is(config?.publicUrl, 'https://sms.example.com');
  t.is(config?.store, 'sqlite:data/gateway.db');
  t.deepEqual(config?.retention, {textMs: 72 * 3_600_000, allMs: 30 * 86_400_000, auditMs: 400 * 86_400_000});
  t.deepEqual(config?.platforms.get('acme'), {type: 'desk', options: {url: 'https://desk.example.com'}});
  t.deepEqual(config?.carriers.get('north')?.options, {loft: 'attic', port: 2775, password: '', tls: false});
  t.deepEqual(config?.warnings, []);
  t.true(Object.isFrozen(config) && Object.isFrozen(config?.channels[0]?.carriers[0]));
  t.deepEqual(config?.channels, [
    {
      id: '16504661149',
      platform: 'acme',
      description: '',
      address: '+16504661149',
      country: 'US',
      webhookSecrets: ['webhook-secret'],
      apiSecrets: ['api-secret-1'],
      carriers: [
        {carrier: 'north', address: '+16504661149', senderMayChange: false, options: {}},
        {carrier: 'south', address: '+16504661149', senderMayChange: false, options: {ring: 'red'}},
      ],
      priority: 'interactive',
      sendWithinMs: 3_600_000,
      deliverWithinMs: 86_400_000,
      receiptWithinMs: 172_800_000,
      withoutReceipt: 'silent',
      unknown: 'hold',
      unknownAfterMs: 86_400_000,
      failoverAfterMs: 30_000,
      media: 'file',
      byHeader: [],
      byPrefix: [],
      guards: {
        countries: {codes: ['US', 'PR', 'VI', 'GU', 'AS', 'MP'], isDefault: true},
        onlyTo: undefined,
        dailySegments: undefined,
        timeZone: 'UTC',
        loop: {messages: 30, withinMs: 30_000},
      },
      sendingHours: undefined,
      keywords: {
        mode: 'forward',
        owner: 'nobody',
        enforce: false,
        list: 'channel acme 16504661149',
        words: toWords(['en']),
        answers: defaultAnswers.en,
      },
    },
  ]);
});

/** One replacement in the good file, and all that is said of it. */
const complains = test.macro({
  exec(t, from: string | RegExp, to: string, ...expected: string[]) {
    const text = goodFile.replace(from, to);
    t.not(text, goodFile);
    t.deepEqual(load(t, text).mistakes, expected);
  },
  title: title => `tells of ${title}`,
});

const suggestion = (path: string, word: string) => `${path}: is not a setting: did you mean \`${word}\`?`;

test(
  'an unknown key at the top, with the nearest known one',
  complains,
  'channels:',
  'limit: {}\nchannels:',
  suggestion('limit', 'limits'),
);
test(
  'an unknown key of a carrier',
  complains,
  'loft: attic',
  'loft: attic, prot: 1',
  suggestion('carriers.north.prot', 'port'),
);
test(
  'an unknown key in a branch of a union',
  complains,
  'loft: attic',
  'loft: attic, tls: {cb: x}',
  suggestion('carriers.north.tls.cb', 'ca'),
);
test(
  'an unknown key of a channel',
  complains,
  'platform: acme',
  'platform: acme\n    prioritty: bulk',
  suggestion('channels[0].prioritty', 'priority'),
);
test(
  "an unknown key of a channel's carrier",
  complains,
  'ring: red',
  'rong: red',
  suggestion('channels[0].carriers[1].rong', 'ring'),
);
test(
  'two unknown keys, each by itself',
  complains,
  'loft: attic',
  'loft: attic, prot: 1, pasword: x',
  suggestion('carriers.north.prot', 'port'),
  suggestion('carriers.north.pasword', 'password'),
);
test('a missing setting', complains, 'loft: attic', 'port: 1', 'carriers.north.loft: must be text: it is missing.');
test('a wrong type', complains, 'loft: attic', 'loft: [attic]', 'carriers.north.loft: must be text.');
test(
  'neither of two types',
  complains,
  'loft: attic',
  'loft: attic, tls: 7',
  'carriers.north.tls: must be true or false or a block of settings.',
);
test(
  'a number out of range',
  complains,
  'loft: attic',
  'loft: attic, port: 70000',
  'carriers.north.port: must be at most 65535.',
);
test(
  'a word that is none of a few',
  complains,
  'platform: acme',
  'platform: acme\n    unknown: wait',
  'channels[0].unknown: must be `hold` or `retry` or `fail`.',
);
test(
  'an id without quotes',
  complains,
  'id: "16504661149"',
  'id: 16504661149',
  'channels[0].id: must be text: put it in quotes, or YAML reads it as a number and drops a plus or a leading zero.',
);
test(
  'a secret without quotes',
  complains,
  'webhook-secret',
  '0123456789',
  'channels[0].webhookSecret: must be text: put it in quotes, or YAML reads it as a number and drops a plus or a leading zero.',
);
test(
  'an empty secret',
  complains,
  'webhook-secret',
  '""',
  'channels[0].webhookSecret: must not be empty: without a secret nothing can be verified or signed.',
);
test(
  'an empty list of secrets',
  complains,
  'webhook-secret',
  '[]',
  'channels[0].webhookSecret: must be at least 1 entries long.',
);
test(
  'a type nobody knows',
  complains,
  'type: desk',
  'type: dask',
  'platforms.acme.type: names no type: did you mean `desk`?',
);
test('a party without type', complains, 'type: desk, ', '', 'platforms.acme.type: must be `desk`.');
test(
  'a channel of an unknown platform',
  complains,
  'platform: acme',
  'platform: acmee',
  'channels[0].platform: names no platform: did you mean `acme`?',
);
test(
  'a channel of an unknown carrier',
  complains,
  '[north,',
  '[east,',
  'channels[0].carriers[0].carrier: names no carrier: known are `north`, `south`.',
);
test(
  'a carrier named twice in a channel',
  complains,
  '[north,',
  '[south,',
  'channels[0].carriers[1]: names the carrier south a second time: leave one out.',
);
test(
  'a channel without carriers',
  complains,
  /\[north.*\]/,
  '[]',
  'channels[0].carriers: must be at least 1 entries long.',
);
test(
  'a name with a pipe',
  complains,
  /north/g,
  '"no|rth"',
  'carriers.no|rth: must be a name of 1 to 40 letters, digits, dashes or underscores (no `|`, `/` or dot).',
);
test(
  'a channel id with a slash',
  complains,
  '"16504661149"',
  '"1650/4661149"',
  'channels[0].id: must be letters, digits, `+`, `:`, `_` or `-`, as the platform writes it (no `|`, `/` or blank).',
);
test(
  'a duration without unit',
  complains,
  'platform: acme',
  'platform: acme\n    sendWithin: "30"',
  'channels[0].sendWithin: must be a duration of at most 366 days such as `500ms`, `30s`, `5m`, `4h` or `30d`.',
);
test(
  'a duration of nothing',
  complains,
  'channels:',
  'retention: 0s\nchannels:',
  'retention: must be a duration of at most 366 days such as `500ms`, `30s`, `5m`, `4h` or `30d`.',
);
for (const [setting, line] of [
  ['reload.look', 'reload: {look: 25d}'],
  ['reload.settle', 'reload: {settle: 25d}'],
  ['stopDelay', 'stopDelay: 25d'],
  ['traces.every', 'traces: {endpoint: "http://127.0.0.1:4318", every: 25d}'],
]) {
  test(
    `a ${setting} no timer can wait for`,
    complains,
    'channels:',
    `${line}\nchannels:`,
    `${setting}: must be a duration of at most 24 days such as \`500ms\`, \`30s\`, \`5m\`, \`4h\` or \`24d\`.`,
  );
}
test(
  'an address that is a national number as well',
  complains,
  '"+16504661149"',
  '"6504661149"',
  'channels[0].address: can be read two ways, as a national or an international number: write it with its plus, or give `country`.',
);
test(
  'a store that is none',
  complains,
  'channels:',
  'store: data.db\nchannels:',
  'store: must be `sqlite:path/to/file.db` or `postgres://user:password@host/database`.',
);
const noStoreUrl =
  'store: is no URL: in a user or a password write `%` as `%25`, `#` as `%23`, `/` as `%2F`, `?` as `%3F`, `@` as `%40`.';
for (const [character, password] of Object.entries({
  '%': '10%off',
  '#': 'a#1',
  '/': 'a/b',
  '?': 'a?b',
  digits: '12#3',
})) {
  const store = `store: "postgres://gw:${password}@db.example.com/gateway"\nchannels:`;
  test(`an unescaped ${character} in the password of the database`, complains, 'channels:', store, noStoreUrl);
}
test('a password with every escape is the database’s own', t => {
  const store = 'postgres://gw:%25%23%2F%3f%40%C3%A4@db.example.com/gateway?schema=x';
  t.is(load(t, goodFile.replace('channels:', `store: "${store}"\nchannels:`)).config?.store, store);
});
test(
  'a public URL that is none',
  complains,
  'https://sms.example.com/',
  'sms.example.com',
  'publicUrl: must be a URL with http:// or https:// and without user, query or fragment.',
);
test(
  'a carrier that needs the absent public URL',
  complains,
  /publicUrl.*\n([\s\S]*)type: pigeon, loft: attic/,
  '$1type: caller, url: "https://x.example.com"',
  'publicUrl: must be given: the carrier north calls the gateway there, and signs that address.',
);
test(
  'carriers that would be called at one address',
  complains,
  '  south:',
  `  West: {type: caller, url: "https://x.example.com"}
  west: {type: caller, url: "https://y.example.com"}
  North: {type: pigeon, loft: attic}
  south:`,
  'carriers.west: differs from West in capitals alone: both would be called at one address. Give it another name.',
);
test(
  'a management port others reach, without tokens',
  complains,
  'channels:',
  'management: {host: 0.0.0.0}\nchannels:',
  'management.tokens: must name at least one token: `host` is no loopback address, so others reach the management port.',
);
test(
  'one port for both',
  complains,
  'channels:',
  'management: {port: 8080}\nchannels:',
  'management.port: is the public port too: give it one of its own.',
);
test(
  'two tokens of one name',
  complains,
  'channels:',
  'management: {tokens: [{name: a, role: reader, token: t-1234567}, {name: a, role: reader, token: t-7654321}]}\nchannels:',
  'management.tokens[1].name: is there twice: the history could not tell who did what.',
);
test(
  'a certificate that is a path',
  complains,
  'channels:',
  'listen: {tls: {cert: /etc/tls.crt, key: "-----BEGIN PRIVATE KEY-----"}}\nchannels:',
  'listen.tls.cert: must be PEM text: take it from its file by a `file:` reference.',
);
test(
  'a short code that would answer orders with texts nobody approved',
  complains,
  'platform: acme\n    address: "+16504661149"',
  'platform: acme\n    address: "88855"\n    country: US\n    keywords: {mode: handle, stop: {answer: You are out.}}',
  'channels[0].keywords.help.answer: must be given for a short code: the text its network approved.',
  'channels[0].keywords.start.answer: must be given for a short code: the text its network approved.',
);
test(
  'a word for an order that no text can be',
  complains,
  'platform: acme',
  'platform: acme\n    keywords: {stop: {words: [BASTA, "🛑"]}}',
  'channels[0].keywords.stop.words[1]: has no letter and no digit, which alone count in a text: no phone could order with it.',
);
test(
  'a rule by header for a carrier the channel has not',
  complains,
  'platform: acme',
  'platform: acme\n    byHeader: [{header: X-Class, value: campaign, carrier: norht}]',
  'channels[0].byHeader[0].carrier: is no carrier of this channel: did you mean `north`?',
);
test(
  'a section of NexusServices that is none',
  complains,
  'platform: acme',
  'platform: acme\n    nexusServices: {section: SMS Main, endpoint: chat.App}',
  'channels[0].nexusServices.section: must be `chat.` and letters, underscores or dashes.',
);

test('tells of an e-mail domain as channel id, with its cause', t => {
  const {mistakes} = load(t, goodFile.replace('"16504661149"', 'mail.example.com'));
  t.is(mistakes.length, 1);
  t.regex(mistakes[0] ?? '', /^channels\[0\]\.id: is an e-mail domain: the Async service carries e-mail channels too/);
});

test('tells all mistakes at once, each with file and line', t => {
  const path = writeFiles(t, {
    'gateway.yaml': goodFile
      .replace('attic', '[attic]')
      .replace('platform: acme', 'platform: nowhere')
      .replace('publicUrl', 'publicUrrl'),
    'channels.d/west.yaml': 'id: west\nadress: x\nplatfrom: acme\n',
  });
  const error = t.throws(() => loadConfig({path, env: {}, ...partyTypes}), {instanceOf: ConfigError});
  t.deepEqual(
    error?.mistakes
      .filter(({message}) => !message.includes('missing'))
      .map(({file, line, path: at}) => `${file.split('/').at(-1)}:${line} ${at}`),
    [
      'gateway.yaml:2 publicUrrl',
      'gateway.yaml:6 carriers.north.loft',
      'gateway.yaml:10 channels[0].platform',
      'west.yaml:2 adress',
      'west.yaml:3 platfrom',
    ],
  );
});

const second = (id: string, address: string, carrier: string) => `
- id: "${id}"
  platform: acme
  address: "${address}"
  webhookSecret: webhook-secret
  apiSecret: api-secret-1
  carriers: [${carrier}]
`;

const isEmpty = ': is empty: was it cut short? Write its settings; a file of `channels.d` may be taken away instead.';

test('an empty file is no configuration without channels: whoever wrote it had no room', t => {
  for (const file of ['', '# only a comment\n', '---\n']) {
    t.deepEqual(load(t, file).mistakes, [isEmpty]);
    t.deepEqual(load(t, goodFile, {}, {'channels.d/a.yaml': file}).mistakes, [isEmpty]);
  }
});

test('takes channels from channels.d, one or a list a file, in the order of their names', t => {
  const {config, mistakes} = load(
    t,
    goodFile,
    {},
    {
      'channels.d/b.yaml': second('b', 'BRAND', 'north'),
      'channels.d/a.yml': second('a', '+16504661150', 'north').replace('- ', '  '),
      'channels.d/notes.txt': 'no channel',
    },
  );
  t.deepEqual(mistakes, []);
  t.deepEqual(
    config?.channels.map(({id}) => id),
    ['16504661149', 'a', 'b'],
  );
});

test('refuses the same id twice in a platform, whatever file it stands in', t => {
  const {mistakes} = load(t, goodFile, {}, {'channels.d/a.yaml': second('16504661149', '+16504661150', 'north')});
  t.is(mistakes.length, 1);
  t.regex(
    mistakes[0] ?? '',
    /^\[0\]\.id: is there twice in the platform acme \(also channels\[0\] in .*gateway\.yaml:9\)/,
  );
});

test('refuses one sender of one carrier for two channels: texts from phones could not be told apart', t => {
  const {mistakes} = load(t, goodFile, {}, {'channels.d/a.yaml': second('other', '+1 650 466-1149', 'south')});
  t.is(mistakes.length, 1);
  t.regex(mistakes[0] ?? '', /^\[0\]\.carriers\[0\]: serves a sender that channels\[0\] in .* has of the same carrier/);
});

test('lets two channels share a sender name: nobody can write to it', t => {
  const extras = {'channels.d/a.yaml': second('a', 'BRAND', 'south') + second('b', 'BRAND', 'south')};
  t.deepEqual(load(t, goodFile, {}, extras).mistakes, []);
});

test('a file that is absent, or no YAML, or twice the same key, is told without a word of its content', t => {
  const read = (path: string) =>
    t.throws(() => loadConfig({path, env: {}, ...partyTypes}), {instanceOf: ConfigError})?.message ?? '';
  t.regex(read('/nowhere/gateway.yaml'), /can't be read \(ENOENT\)/);
  const broken = read(writeFiles(t, {'gateway.yaml': 'a: {hush\nb: ]'}));
  t.regex(broken, /gateway\.yaml:\d+: is not valid YAML here/);
  t.notRegex(broken, /hush/);
  t.regex(read(writeFiles(t, {'gateway.yaml': 'a: 1\na: 2\n'})), /duplicate key/);
});

test('refuses a file that multiplies itself by aliases', t => {
  const lists = Array.from({length: 9}, (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(9)}]`);
  const path = writeFiles(t, {'gateway.yaml': `l0: &l0 [x]\n${lists.join('\n')}\n`});
  const error = t.throws(() => loadConfig({path, env: {}, ...partyTypes}), {instanceOf: ConfigError});
  t.regex(error?.message ?? '', /repeats its own parts by aliases too often/);
});

test('takes a delay of nothing, and a text retention no longer than the retention', t => {
  const {config} = load(t, `${goodFile}stopDelay: 0s\nretention: 1d\n`);
  t.is(config?.stopDelayMs, 0);
  t.deepEqual(config?.retention, {textMs: 86_400_000, allMs: 86_400_000, auditMs: 400 * 86_400_000});
});

test('never quotes a value, only its place', t => {
  const {mistakes} = load(
    t,
    goodFile.replace('api-secret-1', '{deep: s3cr3t-value}').replace('loft: attic', 'loft: {x: s3cr3t-value}'),
  );
  t.is(mistakes.length, 2);
  t.notRegex(mistakes.join(), /s3cr3t/);
});

const warns = test.macro({
  exec(t, from: string, to: string, expected: RegExp) {
    const {config, mistakes} = load(t, goodFile.replace(from, to));
    t.deepEqual(mistakes, []);
    t.is(config?.warnings.length, 1);
    t.regex(config?.warnings[0] ?? '', expected);
  },
  title: title => `warns of ${title}`,
});

test('an http: URL', warns, 'https://desk', 'http://desk', /platforms\.acme\.url: is an http: URL/);
test(
  'a short secret',
  warns,
  'api-secret-1',
  'short',
  /channels\[0\]\.apiSecret: is a secret of fewer than 8 characters/,
);
test(
  'a short secret in a list',
  warns,
  'api-secret-1',
  '[api-secret-1, short]',
  /channels\[0\]\.apiSecret\[1\]: is a secret of fewer/,
);
test(
  'blanks around a secret',
  warns,
  'api-secret-1',
  '" api-secret-1"',
  /apiSecret: is a secret with blanks at its edge/,
);
test(
  'a carrier that failover never reaches',
  warns,
  'ring: red',
  'address: "+16504661150"',
  /carriers\[1\]: is never failed over to/,
);
test(
  'a number no plan knows',
  warns,
  '"+16504661149"',
  '"+15551230000"',
  /channels\[0\]\.address: is no number the numbering plans know/,
);

test('says nothing of http: on loopback or as a proxy', t => {
  const {config} = load(t, goodFile.replace('https://desk.example.com', 'http://127.0.0.1:9000'));
  t.deepEqual(config?.warnings, []);
});
