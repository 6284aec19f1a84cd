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
  t.is(gone.read(token), undefined);
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

const madeUp = `m1.0.${'A'.repeat(22)}`;

test('a link that anybody made up is known as such where the keys are few: the store need not be asked', t => {
  t.is(links.read(madeUp), undefined);
});

test('where they are many it is read with the keys of its own channel alone', t => {
  const many = Array.from({length: 65}, (_, index) => ({...other, id: `${index}`, apiSecrets: [`secret ${index}`]}));
  const all = createMediaLinks({publicUrl, channels: [acme, ...many]});
  const reference = all.read(madeUp);
  t.like(reference, {messageId: 'm1', index: 0});
  t.false(reference?.isFor('acme', '1650'));
  t.true(all.read(tokenOf(all.toLink('m1', 0, acme)))?.isFor('acme', '1650'));
});
