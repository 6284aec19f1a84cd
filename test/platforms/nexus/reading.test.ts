import test from 'ava';
import fc from 'fast-check';
import {contractOptions} from '../../../src/platforms/nexus/contract.ts';
import {type Element, toElements, toPlaces, toSenders} from '../../../src/platforms/nexus/reading.ts';
import {toReading, toStorable} from '../../../src/platforms/nexus/storable.ts';

const places = toPlaces(undefined);
const to = '+14155550123';

const reads = test.macro({
  exec(t, message: unknown, expected: object) {
    t.like(toElements({messages: [message]}, places), [{kind: 'text', text: expected}]);
  },
  title: (title = '') => `reads ${title}`,
});

const normalized = {
  id: '5b0b7a5e-6a2f-4c1b-9b8e-1f1d3b5b0c11',
  channel: {
    id: '16504661149',
    type: 'sms',
    from: {id: '16504661149', idType: 'Phone'},
    to: {id: '14155550123', idType: 'Phone'},
    time: '2024-05-01T12:00:00.000Z',
  },
  type: 'Text',
  text: 'Your order has shipped. Reply STOP to opt out.',
  content: [],
  direction: 'Outbound',
  originatingEntity: 'Human',
  metadata: {},
};

test('Genesys Cloud’s normalized message', reads, normalized, {
  externalId: '5b0b7a5e-6a2f-4c1b-9b8e-1f1d3b5b0c11',
  to,
  text: 'Your order has shipped. Reply STOP to opt out.',
  media: [],
});
test(
  'Engage’s rich message by the plain fallback in text',
  reads,
  {to: '14155550123', contentType: 'generic', text: 'Choose: 1 or 2', content: [{components: [{id: 1, text: 'One'}]}]},
  {to, text: 'Choose: 1 or 2'},
);
test('top-level text before text in content', reads, {to, text: 'a', content: [{text: {body: 'b'}}]}, {text: 'a'});
test('the recipient in channel.to.id', reads, {channel: {to: {id: '14155550123'}}, text: 'x'}, {to});
test('the recipient in channel.to', reads, {channel: {to: '+14155550123'}, text: 'x'}, {to});
test('the recipient in to.id', reads, {to: {id: '1 (415) 555-0123'}, text: 'x'}, {to});
test('the recipient in to', reads, {to: '0014155550123', text: 'x'}, {to});
test('the recipient in recipient', reads, {recipient: '14155550123', text: 'x'}, {to});
test('a recipient written as a JSON number', reads, {to: 14155550123, text: 'x'}, {to});
test('the recipient after a place that holds a name', reads, {channel: {to: {id: 'Jane'}}, to, text: 'x'}, {to});
test('a recipient between marks of direction', reads, {to: '\u202a+14155550123\u202c', text: 'x'}, {to});
test('a recipient with other hyphens', reads, {to: '+1\u2011415\u2013555\u20110123', text: 'x'}, {to});
test('a recipient in wide digits', reads, {to: '\uff0b１４１５５５５０１２３', text: 'x'}, {to});
test('a recipient as a telephone URI', reads, {channel: {to: {id: 'tel:+1-415-555-0123'}}, text: 'x'}, {to});
test(
  'a recipient that is no phone by its prefix',
  reads,
  {to: 'whatsapp:+14155550123', text: 'x'},
  {
    to: 'whatsapp:+14155550123',
  },
);
test('a short code as recipient', reads, {to: '12345', text: 'x'}, {to: '12345'});
test(
  'text in content[].text.body, all of it',
  reads,
  {to, content: [{text: {body: 'a'}}, {text: {body: 'b'}}]},
  {text: 'a\nb'},
);
test('text in content[].text', reads, {to, content: [{contentType: 'Text', text: 'a'}]}, {text: 'a'});
test('text in body', reads, {to, body: 'a'}, {text: 'a'});
test('text in message', reads, {to, message: 'a'}, {text: 'a'});
test('an id to its last character', reads, {to, text: 'x', id: 'm'.repeat(1000)}, {externalId: 'm'.repeat(1000)});
test('the id in messageId', reads, {to, text: 'x', messageId: 'm-1'}, {externalId: 'm-1'});
test('the id in channel.messageId', reads, {channel: {to, messageId: 'm-1'}, text: 'x'}, {externalId: 'm-1'});
test('a message without an id', reads, {to, text: 'x'}, {externalId: undefined});
test('a text without NUL and lone surrogates', reads, {to, text: 'a\0b\ud800c'}, {text: 'ab\ufffdc'});
test(
  'an attachment in content[].attachment',
  reads,
  {
    to,
    content: [
      {
        contentType: 'Attachment',
        attachment: {mediaType: 'Image', url: 'https://x.test/a', mime: 'image/PNG', filename: 'a.png'},
      },
    ],
  },
  {text: '', media: [{url: 'https://x.test/a', contentType: 'image/png', filename: 'a.png'}]},
);
test(
  'an attachment in content[].image',
  reads,
  {to, content: [{image: {url: 'https://x.test/a'}}]},
  {media: [{url: 'https://x.test/a'}]},
);
test(
  'an attachment in content[].url',
  reads,
  {to, content: [{contentType: 'Attachment', url: 'https://x.test/a'}]},
  {media: [{url: 'https://x.test/a'}]},
);
test(
  'an attachment in attachments[].url',
  reads,
  {to, attachments: [{url: 'genesys://nexus/1'}]},
  {media: [{url: 'genesys://nexus/1'}]},
);
test(
  'each attachment once',
  reads,
  {
    to,
    text: 'x',
    content: [{url: 'https://x.test/a'}],
    attachments: [{url: 'https://x.test/a'}, {url: 'https://x.test/b'}],
  },
  {media: [{url: 'https://x.test/a'}, {url: 'https://x.test/b'}]},
);

const refuses = test.macro({
  exec(t, message: unknown, why: RegExp) {
    const [element] = toElements({messages: [message]}, places);
    t.is(element?.kind, 'unreadable');
    t.regex(element?.kind === 'unreadable' ? element.why : '', why);
  },
  title: (title = '') => `can't read ${title}`,
});

test('a message without a recipient', refuses, {text: 'x'}, /no phone number/);
test(
  'a recipient that is an agent’s id',
  refuses,
  {to: 'bb4a9f86-dbbb-4464-a669-650da94fbad6', text: 'x'},
  /no phone number/,
);
test('a recipient that is an e-mail address', refuses, {to: 'jane@example.com', text: 'x'}, /no phone number/);
test('a message without text', refuses, {to}, /no text/);
test('a blank text', refuses, {to, text: ' \n'}, /no text/);
test('a text of NUL alone', refuses, {to, text: '\0'}, /no text/);
test('an attachment nobody can fetch', refuses, {to, content: [{url: 'file:///etc/passwd'}]}, /no text/);
test('an echo of an inbound text', refuses, {...normalized, direction: 'Inbound'}, /direction is Inbound/);
test('a number', refuses, 42, /not a JSON object/);
test('null', refuses, null, /not a JSON object/);
test('members that are inherited', refuses, JSON.parse('{"__proto__": {"text": "x", "to": "14155550123"}}'), /no text/);

const drops = test.macro({
  exec(t, body: unknown, name: string) {
    t.deepEqual(toElements(body, places), [{kind: 'event', name}]);
  },
  title: (title = '') => `takes ${title} for an event`,
});

const typing = {
  type: 'Event',
  channel: {to: {id: '14155550123'}},
  events: [{eventType: 'Typing', typing: {type: 'On'}}],
};

test('typing', drops, {messages: [typing]}, 'typing');
test('an event without a type of its own', drops, {messages: [{type: 'Event'}]}, 'event');
test('a read mark', drops, {messages: [{type: 'Receipt', status: 'Read', id: '1'}]}, 'receipt');
test('a receipt with a text', drops, {messages: [{...normalized, type: 'Receipt'}]}, 'receipt');
test(
  'the Interactions webhook',
  drops,
  {
    operationId: 'u',
    data: {entities: [{event: 'STARTED', entity: {id: '1', mediaType: 'chat', interactionSubtype: 'SMS'}}]},
  },
  'interaction',
);
test(
  'a text with events beside it is a text',
  reads,
  {...normalized, events: [{eventType: 'Typing'}]},
  {text: normalized.text},
);

const unwraps = test.macro({
  exec(t, body: unknown, texts: string[]) {
    const found = toElements(body, places);
    t.deepEqual(
      found.flatMap(element => (element.kind === 'text' ? [element.text.text] : [])),
      texts,
    );
  },
  title: (title = '') => `finds messages in ${title}`,
});

const message = {to, text: 'x'};
test('a list of several', unwraps, {messages: [message, {to, text: 'y'}]}, ['x', 'y']);
test('messages that is one object', unwraps, {messages: message}, ['x']);
test('the body itself', unwraps, message, ['x']);
test('a bare list', unwraps, [message], ['x']);
test('data around the body', unwraps, {data: {messages: [message]}}, ['x']);
test('data around one message', unwraps, {data: message}, ['x']);

test('says of an empty list that it is empty', t => {
  t.like(toElements({messages: []}, places), [{kind: 'unreadable', why: 'the list of messages is empty'}]);
});

test('looks at the contract’s own places first', t => {
  const contract = contractOptions.parse({
    places: {text: ['payload.words[]'], to: ['payload.phone'], media: ['payload.files[].href']},
  });
  const body = {
    payload: {phone: '14155550123', words: ['a', 'b'], files: [{href: 'https://x.test/a', mime: 'image/png'}]},
    text: 'other',
  };
  t.like(toElements(body, toPlaces(contract)), [
    {kind: 'text', text: {to, text: 'a\nb', media: [{url: 'https://x.test/a', contentType: 'image/png'}]}},
  ]);
});

test('reads files that are a list of addresses and nothing else', t => {
  const contract = contractOptions.parse({places: {media: ['mediaUrls[]', 'files[].more[]']}});
  const more = ['https://x.test/c', 'javascript:alert(1)', {url: 'https://x.test/d'}, 7];
  const message = {to, mediaUrls: ['https://x.test/a', 'https://x.test/b'], files: [{more}]};
  t.like(toElements(message, toPlaces(contract)), [
    {
      kind: 'text',
      text: {to, text: '', media: [{url: 'https://x.test/a'}, {url: 'https://x.test/b'}, {url: 'https://x.test/c'}]},
    },
  ]);
});

test('names the senders in the order of the places', t => {
  const body = {messages: [{channel: {id: '2', from: {id: '1'}}, from: {id: '3'}, channelId: '4'}]};
  t.deepEqual(toSenders(body, places), ['1', '3', '2', '4']);
});

test('keeps each message it can’t read by itself beside the texts of a body', t => {
  const body = {messages: [{text: 'nobody'}, message, typing, 7]};
  const raw = JSON.stringify(body);
  const [texts, ...unreadable] = toStorable(toElements(body, places), raw);
  t.like(texts, {raw, positions: [1]});
  t.deepEqual(
    unreadable.map(({raw, positions}) => ({raw, positions})),
    [
      {raw: '{"messages":[{"text":"nobody"}]}', positions: [0]},
      {raw: '{"messages":[7]}', positions: [3]},
    ],
  );
});

test('keeps the body as it came when it holds one message', t => {
  const raw = '{ "messages": [ {"text":"x"} ] }';
  t.is(toStorable(toElements(JSON.parse(raw), places), raw)[0]?.raw, raw);
});

test('stores nothing of a body of events', t => {
  t.deepEqual(toStorable(toElements({messages: [typing]}, places), '{}'), []);
});

const names = fc.constantFrom(
  'messages',
  'data',
  'channel',
  'to',
  'from',
  'id',
  'text',
  'content',
  'body',
  'attachment',
  'url',
  'type',
  'contentType',
  'events',
  'image',
  'entities',
  '__proto__',
);
const json = fc.letrec(tie => ({
  value: fc.oneof(
    {maxDepth: 6},
    fc.string({unit: 'binary'}),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), {maxLength: 4}),
  object: fc.dictionary(fc.oneof(names, fc.string()), tie('value'), {maxKeys: 5}),
})).value;

test('reads any JSON without throwing, into clean texts to whoever can get them', t => {
  fc.assert(
    fc.property(fc.oneof(json, fc.jsonValue()), body => {
      const elements = toElements(body, places);
      const storable = toStorable(elements, JSON.stringify(body));
      const positions = storable.flatMap(one => one.positions).toSorted((a, b) => a - b);
      const kept = elements.flatMap((element, position) => (element.kind === 'event' ? [] : [position]));
      return elements.length > 0 && String(positions) === String(kept) && elements.every(isSound);
    }),
    {numRuns: 2000},
  );
  t.pass();
});

test('survives nesting deeper than any stack', t => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const body: unknown = JSON.parse(`{"messages":[{"to":"14155550123","text":"x"},${deep},{"content":${deep}}]}`);
  const elements = toElements(body, places);
  t.deepEqual(
    elements.map(({kind}) => kind),
    ['text', 'unreadable', 'unreadable'],
  );
  t.is(toStorable(elements, 'raw').length, 3);
});

test('gives one reason for a body without a text', t => {
  t.deepEqual(toReading(toElements({messages: []}, places)), {readable: false, why: 'the list of messages is empty'});
});

function isSound(element: Element): boolean {
  if (element.kind !== 'text') return true;
  const {to, text, media} = element.text;
  return to !== '' && text.isWellFormed() && !text.includes('\0') && (text.trim() !== '' || media.length > 0);
}
