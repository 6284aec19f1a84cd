import test from 'ava';
import {toElements, toPlaces} from '../../../src/platforms/nexus/reading.ts';

const places = toPlaces(undefined);
const to = '+14155550123';

function read(message: object) {
  const [element] = toElements({messages: [{channel: {to: {id: '14155550123'}}, ...message}]}, places);
  return element;
}

/** A message and what becomes of it: the text of an SMS, and what Twilio gets as `MediaUrl` beside it. */
const becomes = test.macro({
  exec(t, message: object, lines: string[], mediaUrls: string[] = []) {
    const element = read(message);
    if (element?.kind !== 'text') return t.fail(JSON.stringify(element));
    t.is(element.text.text, lines.join('\n'));
    t.deepEqual(
      element.text.media.map(({url}) => url),
      mediaUrls,
    );
    return t.is(element.text.to, to);
  },
  title: (title = '') => `says ${title}`,
});

const structured = (...content: object[]) => ({type: 'Structured', content});
const picture = 'https://files.example.com/a.jpg';

// Genesys Cloud's normalized message.
test('a text', becomes, {type: 'Text', text: 'Hello'}, ['Hello']);
test('text content', becomes, structured({contentType: 'Text', text: {type: 'Plain', body: 'Hello'}}), ['Hello']);
test(
  'an attachment with a text',
  becomes,
  {type: 'Text', text: 'Look', content: [{contentType: 'Attachment', attachment: {mediaType: 'Image', url: picture}}]},
  ['Look'],
  [picture],
);
test(
  'an attachment alone',
  becomes,
  {type: 'Text', content: [{contentType: 'Attachment', attachment: {mediaType: 'Image', url: 'genesys://nexus/1'}}]},
  [''],
  ['genesys://nexus/1'],
);
test(
  'quick replies below their question',
  becomes,
  {
    type: 'Structured',
    text: 'Shall we call you?',
    content: ['Yes', 'No'].map(text => ({
      contentType: 'QuickReply',
      quickReply: {text, payload: text, action: 'Message'},
    })),
  },
  ['Shall we call you?', '1. Yes', '2. No'],
);
test(
  'quick replies that the text lists already, once',
  becomes,
  {
    type: 'Structured',
    text: 'Shall we call you?\n1) Yes\n2) No',
    content: ['Yes', 'No'].map(text => ({contentType: 'QuickReply', quickReply: {text}})),
  },
  ['Shall we call you?', '1) Yes', '2) No'],
);
test(
  'quick replies of the second version',
  becomes,
  structured({
    contentType: 'QuickReplyV2',
    quickReplyV2: {title: 'Which colour?', actions: [{text: 'Red'}, {text: 'Blue'}]},
  }),
  ['Which colour?', '1. Red', '2. Blue'],
);
test(
  'a card, with its links as lines and its buttons as choices',
  becomes,
  structured({
    contentType: 'Card',
    card: {
      title: 'Trip to Rome',
      description: 'Three nights',
      image: picture,
      defaultAction: {type: 'Link', url: 'https://example.com/rome'},
      actions: [
        {type: 'Postback', text: 'Book', payload: 'book-rome'},
        {type: 'Link', text: 'Photos', url: 'https://example.com/photos'},
      ],
    },
  }),
  ['Trip to Rome', 'Three nights', 'https://example.com/rome', '1. Book', 'Photos: https://example.com/photos'],
);
test('a card that is a picture', becomes, structured({contentType: 'Card', card: {image: picture}}), [''], [picture]);
test(
  'a carousel, its choices numbered over all cards',
  becomes,
  structured({
    contentType: 'Carousel',
    carousel: {
      cards: [
        {title: 'Rome', actions: [{text: 'Book Rome'}]},
        {title: 'Oslo', actions: [{text: 'Book Oslo'}]},
      ],
    },
  }),
  ['Rome', '1. Book Rome', '', 'Oslo', '2. Book Oslo'],
);
test(
  'a list',
  becomes,
  structured({
    contentType: 'List',
    list: {
      title: 'Branches',
      components: [
        {title: 'North', description: 'open'},
        {title: 'South', actions: {url: 'https://example.com/s'}},
      ],
    },
  }),
  ['Branches', '1. North - open', '2. South: https://example.com/s'],
);
test(
  'a list picker with sections',
  becomes,
  structured({
    contentType: 'ListPicker',
    listPicker: {
      title: 'Order',
      sections: [
        {title: 'Pizza', items: [{title: 'Napoli'}, {title: 'Roma'}]},
        {title: 'Drinks', items: [{title: 'Water'}]},
      ],
    },
  }),
  ['Order', 'Pizza', '1. Napoli', '2. Roma', 'Drinks', '3. Water'],
);
test(
  'a generic element',
  becomes,
  structured({
    contentType: 'Generic',
    generic: {title: 'Pay now?', components: [{type: 'Button', title: 'Yes', actions: {textback: 'y'}}]},
  }),
  ['Pay now?', '1. Yes'],
);
test(
  'a date picker',
  becomes,
  structured({
    contentType: 'DatePicker',
    datePicker: {
      title: 'Visit',
      subtitle: 'Choose a time',
      location: {text: 'Office', address: '1 Main St'},
      availableTimes: [
        {dateTime: '2026-11-20T14:00:00.000Z', duration: 1800},
        {dateTime: '2026-11-20T15:30:00+01:00', duration: 0},
      ],
    },
  }),
  ['Visit', 'Choose a time', 'Office', '1 Main St', '1. 2026-11-20 14:00 UTC (30 min)', '2. 2026-11-20 15:30 +01:00'],
);
test(
  'a date picker without times by its range',
  becomes,
  structured({
    contentType: 'DatePicker',
    datePicker: {title: 'When?', dateMinimum: '2026-11-20', dateMaximum: '2026-11-30T00:00:00Z'},
  }),
  ['When?', '2026-11-20 - 2026-11-30 00:00 UTC'],
);
test(
  'a location',
  becomes,
  structured({
    contentType: 'Location',
    location: {text: 'Head office', address: '1 Main St', latitude: 37.77, longitude: -122.41},
  }),
  ['Head office', '1 Main St', 'https://maps.google.com/?q=37.77,-122.41'],
);
test(
  'a location by its own link',
  becomes,
  structured({
    contentType: 'Location',
    location: {text: 'Office', url: 'https://example.com/map', latitude: 1, longitude: 2},
  }),
  ['Office', 'https://example.com/map'],
);
test(
  'a contact',
  becomes,
  structured({
    contentType: 'Contact',
    contact: {
      name: {firstName: 'Ann', lastName: 'Lee'},
      phones: [{phone: '+1 415 555 0100'}],
      emails: ['ann@example.com'],
    },
  }),
  ['Ann Lee', '+1 415 555 0100', 'ann@example.com'],
);
test(
  'several contacts',
  becomes,
  structured({
    contentType: 'Contacts',
    contacts: [
      {name: 'Ann', phone: '1'},
      {name: 'Bob', email: 'b@example.com'},
    ],
  }),
  ['Ann', '1', 'Bob', 'b@example.com'],
);
test(
  'a notification, its placeholders filled',
  becomes,
  structured({
    contentType: 'Notification',
    template: {
      header: {type: 'Text', text: 'Order {{1}}', parameters: [{name: '1', text: '4711'}]},
      body: {
        text: 'Hi {{name}}, it ships {{2}}.',
        parameters: [
          {name: 'name', text: 'Ann'},
          {name: 'when', text: 'today'},
        ],
      },
      footer: {text: 'Bye'},
      buttons: [
        {type: 'QuickReply', text: 'Thanks', index: 0},
        {type: 'Url', text: 'Track', url: 'https://example.com/t', index: 1},
        {type: 'PhoneNumber', text: 'Call us', phoneNumber: '+14155550100', index: 2},
      ],
    },
  }),
  [
    'Order 4711',
    'Hi Ann, it ships today.',
    'Bye',
    '1. Thanks',
    'Track: https://example.com/t',
    'Call us: +14155550100',
  ],
);
test('a story', becomes, structured({contentType: 'Story', story: {url: 'https://example.com/story'}}), [
  'https://example.com/story',
]);
test('a mention', becomes, structured({contentType: 'Mention', mention: {nickname: 'Ann'}}), ['Ann']);
test(
  'a button response',
  becomes,
  structured({contentType: 'ButtonResponse', buttonResponse: {type: 'Button', text: 'Yes', payload: 'y'}}),
  ['Yes'],
);
test('content without a type, by its member', becomes, structured({card: {title: 'Rome'}}), ['Rome']);
test(
  'what a text announces, below it',
  becomes,
  {...structured({contentType: 'Card', card: {title: 'Rome', description: 'Sunny'}}), text: 'See this: Rome'},
  ['See this: Rome', 'Sunny'],
);
test(
  'what can be said, and leaves out the rest',
  becomes,
  structured({contentType: 'Reactions', reactions: [{}]}, {contentType: 'Text', text: {body: 'Hello'}}),
  ['Hello'],
);

// Engage's rich messaging.
const engage = (contentType: string, content: unknown, text?: string) => ({
  type: 'Message',
  contentType,
  content,
  ...(text === undefined ? {} : {text}),
});

test(
  'Engage’s quick replies below their question',
  becomes,
  engage(
    'quick-replies',
    [
      {id: 1, type: 'quick-reply', action: 'message', text: 'Fine'},
      {id: 2, type: 'quick-reply', action: 'message', text: 'No'},
    ],
    'Tomorrow at 3?',
  ),
  ['Tomorrow at 3?', '1. Fine', '2. No'],
);
test(
  'Engage’s fallback text alone',
  becomes,
  engage('generic', [{title: 'Rome', components: [{type: 'button', text: 'Book'}]}], 'Rome: reply BOOK'),
  ['Rome: reply BOOK'],
);
const generic = [
  {
    id: 1,
    type: 'generic',
    title: 'Rome',
    description: 'Three nights',
    image: picture,
    actions: {url: 'https://example.com/rome'},
    components: [
      {id: 1, type: 'button', text: 'Book', actions: {textback: 'book'}},
      {id: 2, type: 'button', text: 'Photos', actions: {url: 'https://example.com/photos'}},
      {id: 3, type: 'text', text: 'From $300'},
    ],
  },
];
const genericLines = [
  'Rome',
  'Three nights',
  'https://example.com/rome',
  '1. Book',
  'Photos: https://example.com/photos',
  'From $300',
];
test('Engage’s generic template', becomes, engage('generic', generic), genericLines);
test(
  'Engage’s generic template in event attributes',
  becomes,
  {eventAttributes: {'structured-content': {'genesys-chat': engage('generic', generic)}}},
  genericLines,
);
test(
  'Engage’s generic template as JSON in a string',
  becomes,
  {eventAttributes: {'structured-content': {'genesys-chat': JSON.stringify(engage('generic', generic))}}},
  genericLines,
);
test(
  'Engage’s buttons',
  becomes,
  engage('buttons', [
    {
      text: 'Pay?',
      components: [
        {type: 'button', text: 'Now', actions: {textback: 'now'}},
        {type: 'button', actions: {textback: 'Later'}},
      ],
    },
  ]),
  ['Pay?', '1. Now', '2. Later'],
);
test(
  'Engage’s carousel',
  becomes,
  engage('carousel', [{title: 'Rome', components: [{type: 'button', text: 'Book'}]}, {title: 'Oslo'}]),
  ['Rome', '1. Book', '', 'Oslo'],
);
test('Engage’s carousel of elements', becomes, engage('carousel', [{elements: [{title: 'Rome'}, {title: 'Oslo'}]}]), [
  'Rome',
  '',
  'Oslo',
]);
test(
  'Engage’s list',
  becomes,
  engage('list', [
    {
      title: 'Branches',
      components: [
        {type: 'list-item', title: 'North', description: 'open'},
        {type: 'list-item', title: 'South'},
      ],
    },
  ]),
  ['Branches', '1. North - open', '2. South'],
);
test('Engage’s picture', becomes, engage('image', [{url: picture}]), [''], [picture]);
test('Engage’s picture without a list of content', becomes, engage('image', {url: picture}), [''], [picture]);
test('Engage’s rich link', becomes, engage('rich-link', [{title: 'Our shop', url: 'https://example.com'}]), [
  'Our shop: https://example.com',
]);
test(
  'Genesys Cloud’s content in an Engage message',
  becomes,
  engage('structured', [{contentType: 'Card', card: {title: 'Rome'}}]),
  ['Rome'],
);
test('Engage’s location', becomes, engage('location', [{name: 'Office', latitude: 1.5, longitude: 2}]), [
  'Office',
  'https://maps.google.com/?q=1.5,2',
]);

const cannot = test.macro({
  exec(t, message: object, why: string) {
    t.like(read({...message, id: 'm-1'}), {
      kind: 'unreadable',
      why: `no text can say its content: ${why}`,
      unsupported: {to, externalId: 'm-1'},
    });
  },
  title: (title = '') => `can't say ${title}, and tells so`,
});

test(
  'a reaction',
  cannot,
  structured({contentType: 'Reactions', reactions: [{reactionType: 'Like', count: 1}]}),
  'reactions',
);
test(
  'a template whose words stay with the provider',
  cannot,
  structured({
    contentType: 'Notification',
    template: {id: 'ns@order', language: 'en', body: {parameters: [{name: '1', text: 'x'}]}},
  }),
  'template',
);
const filledWith = (text: string, words: string) =>
  structured({contentType: 'Notification', template: {body: {text, parameters: [{name: '1', text: words}]}}});
test(
  'a small template that would be a text of megabytes',
  cannot,
  filledWith('{{1}}'.repeat(500), 'x'.repeat(5000)),
  'template',
);
test('content of a kind nobody knows', cannot, structured({contentType: 'Hologram', hologram: {}}), 'hologram');
test('content without any name', cannot, structured({shape: 1}), 'unknown');
test('Engage’s content of a kind nobody knows', cannot, engage('hologram', [{shape: 1}]), 'unknown');
test('kinds named like members of every object', cannot, engage('constructor', [{contentType: '__proto__'}]), 'proto');

test('does not run out of stack in content nested without end', t => {
  const depth = 30_000;
  for (const name of ['rows', 'components', 'items', 'cards', 'content']) {
    const nested: unknown = JSON.parse(`${`{"type":"list","${name}":[`.repeat(depth)}${']}'.repeat(depth)}`);
    for (const contentType of ['list', 'carousel', 'generic', 'quick-replies']) {
      t.notThrows(() => read(engage(contentType, [nested])));
      t.notThrows(() => read(structured({contentType, [contentType]: nested})));
    }
  }
});

test('reads no further than anybody would', t => {
  const element = read({
    ...engage(
      'quick-replies',
      Array.from({length: 100}, () => ({components: [], text: 'x'})),
      'y'.repeat(500_000),
    ),
  });
  t.is(element?.kind, 'text');
  const lists = Array.from({length: 100}, () => ({
    type: 'list',
    components: Array.from({length: 100}, () => ({title: 'x'})),
  }));
  const long = read(engage('list', lists));
  t.like(long, {kind: 'text', unsaid: ['more']});
  t.is(long?.kind === 'text' ? long.text.text.split('\n').length : 0, 500);
});

test('finds what the text says already as fast in a text that is made to be searched for long', t => {
  const words = `${'a'.repeat(500_000)}b${'a'.repeat(500_000)}`;
  const content = Array.from({length: 4}, () => ({contentType: 'Story', story: {title: words}}));
  const element = read({type: 'Text', text: 'a'.repeat(2_000_000), content});
  t.is(element?.kind === 'text' ? element.text.text.length : 0, 2_000_000 + 4 * (words.length + 1));
});
