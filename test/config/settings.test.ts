import test from 'ava';
import {toMarkdown} from '../../src/config/settings.ts';
import {listSettings} from '../../src/config.ts';
import {partyTypes} from '../helpers/party-types.ts';

const settings = listSettings(partyTypes);
const find = (path: string) => settings.find(setting => setting.path === path);

test('lists each setting once, with type, default and description', t => {
  t.deepEqual(find('management.metricsOpen'), {
    group: 'gateway',
    path: 'management.metricsOpen',
    type: 'true or false',
    default: 'false',
    description: 'Serves `/metrics` without a token, for scrapers.',
  });
  t.is(find('channels[].failoverAfter')?.default, '30s');
  t.is(find('channels[].failoverAfter')?.type, 'duration');
  t.is(find('channels[].sendWithin')?.default, '1h, bulk 4h');
  t.is(find('channels[].id')?.default, 'required');
  t.is(find('channels[].webhookSecret')?.type, 'text or list of text');
  t.is(find('channels[].unknown')?.type, '`hold`, `retry`, `fail`');
  t.is(find('management.tokens[].role')?.default, 'required');
  t.is(find('carriers.<name>.tls.ca')?.group, 'carriers of type pigeon');
  t.is(find('channels[].carriers[].ring')?.group, 'carriers of a channel, type pigeon');
  t.is(find('channels[].keywords.mode')?.default, 'forward');
});

test('has a description for every setting', t => {
  t.deepEqual(
    settings.filter(({description}) => description === '').map(({path}) => path),
    [],
  );
});

test('becomes one table a group', t => {
  const text = toMarkdown(settings);
  t.regex(text, /^#### Settings: gateway\n\n\| setting \| type \| default \| what it says \|\n/);
  t.regex(text, /\n\| `carriers\.<name>\.loft` \| text \| required \| Where it lives\. \|\n/);
});
