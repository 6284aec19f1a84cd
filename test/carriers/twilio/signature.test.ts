import {createHash} from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import twilioLibrary from 'twilio';
import {isSignedByTwilio, readForm, toSignature} from '../../../src/carriers/twilio/signature.ts';
import type {Pair} from '../../../src/core/form.ts';

const token = '12345abcdef';
const base = 'https://gw.example.com/twilio/main/inbound';

/** Signed for one URL, checked at another (the same unless given). */
interface Case {
  url?: string;
  signedUrl?: string;
  form?: Pair[];
  signedForm?: Pair[];
  body?: string;
  signature?: string;
  tokens?: string[];
  fits: boolean;
}

const fits = test.macro((t, given: Case) => {
  const url = given.url ?? base;
  const form = given.form ?? [['Body', 'Hi']];
  const body = given.body ?? encode(form);
  const signature = given.signature ?? toSignature(token, given.signedUrl ?? url, given.signedForm ?? form);
  t.is(isSignedByTwilio({url, body: Buffer.from(body), signature}, given.tokens ?? [token]), given.fits);
});

const encode = (form: Pair[]) =>
  new URLSearchParams(form.map(([name, value]): [string, string] => [name, value])).toString();
const toMany = (count: number) => Array.from({length: count}, (_, index): Pair => [`n${index}`, '']);
const at = (path: string) => `https://gw.example.com${path}`;

test('takes what was signed for this URL and form', fits, {fits: true});
test('takes an empty form', fits, {form: [], fits: true});
test('keeps empty values', fits, {
  form: [
    ['FromCity', ''],
    ['Body', 'Hi'],
  ],
  fits: true,
});
test('refuses when an empty value was dropped', fits, {
  form: [['Body', 'Hi']],
  signedForm: [
    ['FromCity', ''],
    ['Body', 'Hi'],
  ],
  fits: false,
});
test('keeps white space and line ends of values', fits, {form: [['Body', ' a\r\nb\t ']], fits: true});
test('refuses a trimmed value', fits, {form: [['Body', 'a']], signedForm: [['Body', ' a ']], fits: false});
test('sorts names by their characters', fits, {
  form: [
    ['b', '2'],
    ['B', '1'],
    ['_', '3'],
  ],
  fits: true,
});
test('keeps names that look like objects', fits, {
  form: [
    ['Attr[a]', '1'],
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ],
  fits: true,
});
test('sorts the values of a repeated name', fits, {
  form: [
    ['A', 'b'],
    ['A', 'a'],
  ],
  signedForm: [
    ['A', 'a'],
    ['A', 'b'],
  ],
  fits: true,
});
test('counts equal values of a name once', fits, {
  form: [
    ['A', 'a'],
    ['A', 'a'],
  ],
  signedForm: [['A', 'a']],
  fits: true,
});
test('reads a form that begins with a question mark', fits, {body: '?A=1', form: [['?A', '1']], fits: true});
test('reads plus as a space', fits, {body: 'Body=a+b', form: [['Body', 'a b']], fits: true});
test('keeps an emoji', fits, {form: [['Body', '👋🏽 ça va']], fits: true});

test('keeps the query', fits, {url: `${base}?mid=1&attempt=2`, fits: true});
test('refuses when the query was left out', fits, {url: base, signedUrl: `${base}?mid=1`, fits: false});
test('keeps the query’s spelling', fits, {url: at("/in?foo=It's+amazing&x=%7e&y=%C3%A9"), fits: true});
test('keeps a raw non-ASCII query', fits, {url: at('/in?name=é'), fits: true});
test('keeps an upper-case host', fits, {url: 'https://GW.Example.COM/in?a=1', fits: true});
test('keeps a URL without a path', fits, {url: 'https://gw.example.com?a=1', fits: true});
test('takes the escaped spelling of a back end', fits, {
  url: at("/in?foo=It's+amazing"),
  signedUrl: at('/in?foo=It%27s+amazing'),
  fits: true,
});
test('takes the escaped spelling with a port', fits, {
  url: at("/in?foo=It's"),
  signedUrl: 'https://gw.example.com:443/in?foo=It%27s',
  fits: true,
});
test('takes a default port that was added', fits, {url: base, signedUrl: base.replace('.com', '.com:443'), fits: true});
test('takes a default port that was taken away', fits, {
  url: base.replace('.com', '.com:443'),
  signedUrl: base,
  fits: true,
});
test('takes port 80 of http', fits, {url: 'http://gw/in', signedUrl: 'http://gw:80/in', fits: true});
test('takes another port that was taken away', fits, {
  url: 'https://gw:8443/in',
  signedUrl: 'https://gw/in',
  fits: true,
});
test('takes a port beside an IPv6 host', fits, {
  url: 'https://[::1]/in',
  signedUrl: 'https://[::1]:443/in',
  fits: true,
});
test('keeps user and password of a URL', fits, {
  url: 'https://user:pass@gw.example.com/in',
  signedUrl: 'https://user:pass@gw.example.com:443/in',
  fits: true,
});
test('refuses http where https was signed', fits, {url: base.replace('https', 'http'), signedUrl: base, fits: false});
test('refuses a fragment in the configured URL', fits, {url: `${base}#rc=5`, signedUrl: base, fits: false});
test('refuses another host', fits, {url: base, signedUrl: base.replace('gw', 'evil'), fits: false});
test('refuses another path', fits, {url: base, signedUrl: at('/twilio/other/inbound'), fits: false});

test('takes any live token', fits, {tokens: ['new', token], fits: true});
test('refuses a retired token', fits, {tokens: ['new', 'newer'], fits: false});
test('refuses when there is no token', fits, {tokens: [], fits: false});
test('never counts an empty token', fits, {
  tokens: [''],
  signature: toSignature('', base, [['Body', 'Hi']]),
  fits: false,
});
test('refuses an absent signature', fits, {signature: '', fits: false});
test('refuses a truncated signature', fits, {
  signature: toSignature(token, base, [['Body', 'Hi']]).slice(0, -2),
  fits: false,
});
test('refuses a signature of another case', fits, {
  signature: toSignature(token, base, [['Body', 'Hi']]).toUpperCase(),
  fits: false,
});
test('refuses two signatures joined', fits, {
  signature: `${toSignature(token, base, [['Body', 'Hi']])},x`,
  fits: false,
});
test('refuses a signature that is not ASCII', fits, {signature: 'é'.repeat(28), fits: false});
test('refuses what is no URL', fits, {url: 'not a url', signedUrl: base, fits: false});

const json = '{"event":"x"}';
const hashed = (hash: string) => `${base}?bodySHA256=${hash}`;
const hash = createHash('sha256').update(json).digest('hex');
test('takes a JSON body with its hash in the URL', fits, {url: hashed(hash), body: json, signedForm: [], fits: true});
test('takes the hash in upper case', fits, {url: hashed(hash.toUpperCase()), body: json, signedForm: [], fits: true});
test('refuses another body than the hash tells', fits, {
  url: hashed(hash),
  body: `${json} `,
  signedForm: [],
  fits: false,
});
test('refuses a hash that nobody signed', fits, {
  url: hashed(hash),
  signedUrl: base,
  body: json,
  signedForm: [],
  fits: false,
});
test('refuses an empty hash', fits, {url: hashed(''), body: json, signedForm: [], fits: false});

test('can not tell AB=C from A=BC: whoever parses checks the shape', t => {
  t.is(toSignature(token, base, [['AB', 'C']]), toSignature(token, base, [['A', 'BC']]));
});

/** Signed once by the official library with the token `gateway-vector-token`: a URL (the one asked for, if another), a form, the signature. */
const isVector = test.macro({
  exec: (t, signed: {url: string; asked?: string}, pairs: Pair[], signature: string) => {
    const vectorToken = 'gateway-vector-token';
    t.is(toSignature(vectorToken, signed.url, pairs), signature);
    const request = {url: signed.asked ?? signed.url, body: Buffer.from(encode(pairs)), signature};
    t.true(isSignedByTwilio(request, [vectorToken]));
    t.false(isSignedByTwilio({...request, body: Buffer.from(`${encode(pairs)}&X=1`)}, [vectorToken]));
  },
  title: (title = '') => `the vector of ${title}`,
});

const whole: Pair[] = [
  ['To', '+15005550006'],
  ['From', '+14155550123'],
  ['Body', 'Hi'],
];
const x: Pair[] = [['Body', 'x']];
test('a plain form', isVector, {url: at('/in')}, whole, 'rpJrbXuDowv9fCKHnbm4egAQvJk=');
test('an empty form', isVector, {url: at('/in')}, [], '5qwxW5TrXPV/CU+SZ9OhqjhpZs8=');
test(
  'a query and a form',
  isVector,
  {url: at('/status?mid=01JABC&attempt=2')},
  [['MessageStatus', 'sent']],
  'NrOaZq8DL8gPYlWQkAnQeM6alfs=',
);
test(
  'an empty value',
  isVector,
  {url: at('/in')},
  [
    ['FromCity', ''],
    ['Body', 'x'],
  ],
  '1aAWNDZ+AIgAzh/j6+O+DUa3nW8=',
);
test(
  'names in every case',
  isVector,
  {url: at('/in')},
  [
    ['b', '1'],
    ['A', '2'],
    ['a', '3'],
    ['B', '4'],
  ],
  'bfuEBTFAU5fe/s1mvgtN+HCpyv8=',
);
test(
  'a repeated name',
  isVector,
  {url: at('/in')},
  [
    ['MediaUrl', 'b'],
    ['MediaUrl', 'a'],
    ['MediaUrl', 'b'],
  ],
  'TJMNJOzOvWBZbx5ML1WnhIBk1C0=',
);
test('an emoji and an umlaut', isVector, {url: at('/in')}, [['Body', 'Grüße 👋']], '5nb07TZY2PkRm9FzFNREQ+aBM7E=');
test('line ends and spaces', isVector, {url: at('/in')}, [['Body', ' a\r\nb ']], 'jWGtSZUgFFHYZA8BNdjT3NrSr3s=');
test('a port', isVector, {url: 'https://gw.example.com:8443/in'}, x, 'NOENM8rDqm0hxw4cbapBGKXxkK8=');
test('a quote in the query', isVector, {url: at("/in?q=It's+me")}, x, 'mcSnRQ8i879qjZK4gMRfWauGo/s=');
test(
  'an escaped quote in the query',
  isVector,
  {url: at('/in?q=It%27s+me'), asked: at("/in?q=It's+me")},
  x,
  'E2nvlMC/FmBWnYTyrk1smLU8klE=',
);
test(
  'a default port',
  isVector,
  {url: 'https://gw.example.com:443/in', asked: at('/in')},
  x,
  'DIcjTHJW5fNex51EuLYOOsYu9bQ=',
);

const url = fc
  .tuple(
    fc.constantFrom(
      'https://gw.example.com',
      'https://gw.example.com:443',
      'http://gw.example.com:8080',
      'https://GW.example.com',
    ),
    fc.array(fc.stringMatching(/^[\w.~-]{0,8}$/), {maxLength: 3}),
    fc.stringMatching(/^[\w'!()*+%=&.~-]{0,30}$/),
  )
  .map(([host, path, query]) => `${host}/${path.join('/')}${query === '' ? '' : `?${query}`}`)
  .filter(text => !text.includes('bodySHA256'));
const form = fc.dictionary(fc.string({minLength: 1, unit: 'grapheme'}), fc.string({unit: 'grapheme'}), {
  noNullPrototype: true,
});

test('accepts everything the official library signs', t => {
  fc.assert(
    fc.property(url, form, (address, params) => {
      const signature = twilioLibrary.getExpectedTwilioSignature(token, address, params);
      const body = Buffer.from(encode(Object.entries(params)));
      return isSignedByTwilio({url: address, body, signature}, ['other', token]);
    }),
  );
  t.pass();
});

test('signs so that the official library accepts it', t => {
  fc.assert(
    fc.property(url, form, (address, params) => {
      const signature = toSignature(token, address, Object.entries(params));
      return twilioLibrary.validateRequest(token, signature, address, params);
    }),
  );
  t.pass();
});

test('refuses every signature of another token', t => {
  fc.assert(
    fc.property(url, form, (address, params) => {
      const signature = twilioLibrary.getExpectedTwilioSignature('other', address, params);
      return !isSignedByTwilio({url: address, body: Buffer.from(encode(Object.entries(params))), signature}, [token]);
    }),
  );
  t.pass();
});

test('takes a form of a thousand pairs', fits, {form: toMany(1000), fits: true});
test('reads no form of more pairs than Twilio ever sends', fits, {form: toMany(1001), fits: false});

test('reads any bytes as a form without throwing', t => {
  fc.assert(fc.property(fc.uint8Array(), bytes => readForm(Buffer.from(bytes)).every(pair => pair.length === 2)));
  t.pass();
});
