import test from 'ava';
import {createMediaLinks} from '../../src/media/links.ts';

const acme = {platform: 'acme', id: '1650', apiSecrets: ['new-secret', 'old-secret']};
const other = {platform: 'other', id: '1650', apiSecrets: ['another-secret']};
const publicUrl = 'https://sms.example.com';
const links = createMediaLinks({publicUrl, channels: [acme, other]});
const tokenOf = (link: string) => link.slice(`${publicUrl}/media/`.length);

test('a link is short, the same each time, and read back', t => {
  const link = links.toLink('m'.repeat(32), 1, acme);
  t.is(link, links.toLink('m'.repeat(32), 1, acme));
  t.true(link.length <= publicUrl.length + 64);
  const reference = links.read(tokenOf(link));
  t.like(reference, {messageId: 'm'.repeat(32), index: 1});
  t.true(reference?.isFor('acme', '1650'));
  t.false(reference?.isFor('other', '1650'));
});

test('every replica with the same secrets reads it, and one with the secret that is being changed', t => {
  const token = tokenOf(links.toLink('m1', 0, acme));
  const rotated = createMediaLinks({publicUrl, channels: [{...acme, apiSecrets: ['newest', 'new-secret']}]});
  t.true(rotated.read(token)?.isFor('acme', '1650'));
  const gone = createMediaLinks({publicUrl, channels: [{...acme, apiSecrets: ['newest']}]});
  t.false(gone.read(token)?.isFor('acme', '1650'));
});

test('a secret shared by two channels fits both, and what is stored decides', t => {
  const shared = createMediaLinks({publicUrl, channels: [acme, {...acme, id: '1651'}]});
  const reference = shared.read(tokenOf(shared.toLink('m1', 0, acme)));
  t.true(reference?.isFor('acme', '1650'));
  t.true(reference?.isFor('acme', '1651'));
});

const strange = test.macro({
  exec(t, change: (token: string) => string) {
    const reference = links.read(change(tokenOf(links.toLink('m1', 0, acme))));
    t.not(reference?.isFor('acme', '1650'), true);
  },
  title: (title = '') => `knows no link with ${title}`,
});
test('another text', strange, token => token.replace('m1', 'm2'));
test('another file', strange, token => token.replace('.0.', '.1.'));
test('a longer signature', strange, token => `${token}x`);
test('a cut signature', strange, token => token.slice(0, -1));
test('no signature', strange, token => token.replace(/\.[^.]*$/, ''));
test('the other’s signature', strange, () => tokenOf(links.toLink('m1', 0, other)).replace('m1', 'm3'));
test('a path in it', strange, token => `../${token}`);
test('nothing in it', strange, () => '');

test('a link that anybody made up costs no more where there are many channels', t => {
  let asked = 0;
  const many = {
    ...other,
    get apiSecrets() {
      asked += 1;
      return ['another-secret'];
    },
  };
  const all = createMediaLinks({publicUrl, channels: [acme, many]});
  t.false(all.read(`m1.0.${'A'.repeat(22)}`)?.isFor('acme', '1650'));
  t.is(asked, 0);
  t.false(all.read(`m1.0.${'A'.repeat(22)}`)?.isFor('other', '1650'));
  t.is(asked, 1);
});
