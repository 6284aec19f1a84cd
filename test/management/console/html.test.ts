import test from 'ava';
import fc from 'fast-check';
import {html, toText} from '../../../src/management/console/html.ts';

test('escapes whatever is put into it', t => {
  t.is(toText(html`<p title="${`"'&`}">${'<script>'}</p>`), '<p title="&quot;&#39;&amp;">&lt;script&gt;</p>');
});

test('leaves what it made itself, in lists too, and nothing of undefined and false', t => {
  t.is(
    toText(html`<ul>${[1, 2].map(item => html`<li>${item}</li>`)}${undefined}${false}</ul>`),
    '<ul><li>1</li><li>2</li></ul>',
  );
});

test('takes no object from elsewhere for its own', t => {
  const forged = JSON.parse('{"markup": "<script>", "description": "markup"}');
  t.is(toText(html`${forged}`), '');
});

test('no text gets a tag or the end of an attribute through', t => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), text => {
      t.notRegex(toText(html`${text}`), /[<>"']/);
    }),
  );
  t.pass();
});
