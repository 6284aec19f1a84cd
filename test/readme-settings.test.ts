import {readFileSync} from 'node:fs';
import test from 'ava';
import {listSettings} from '../src/config.ts';
import {findSettingsBlock, readmeFile, refreshSettings, renderSettingsBlock} from './helpers/readme-settings.ts';

test('the README has every setting as the schemas have it', t => {
  const readme = readFileSync(readmeFile, 'utf8');
  t.is(
    findSettingsBlock(readme),
    renderSettingsBlock(),
    'README.md is out of date: run npm run settings to refresh it',
  );
});

test('every setting is described', t => {
  const mute = listSettings().filter(({description}) => description === '');
  t.deepEqual(
    mute.map(({path}) => path),
    [],
  );
});

test('refreshing changes the block alone', t => {
  const readme = 'before\n<!-- settings -->\nold $1 $& words\n<!-- /settings -->\nafter\n';
  t.is(refreshSettings(readme), `before\n${renderSettingsBlock()}\nafter\n`);
});
