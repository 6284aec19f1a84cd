import {readFileSync} from 'node:fs';
import test from 'ava';
import {eventsCatalogue} from '../src/core/events-catalogue.ts';
import {findEventsBlock, refreshEvents, renderEventsBlock} from './helpers/readme-events.ts';
import {readmeFile} from './helpers/readme-settings.ts';

test('the README lists every event as the catalogue has it', t => {
  const readme = readFileSync(readmeFile, 'utf8');
  t.is(findEventsBlock(readme), renderEventsBlock(), 'README.md is out of date: run npm run settings to refresh it');
});

test('refreshing the events changes the block alone', t => {
  const readme = 'before\n<!-- events -->\nold\n<!-- /events -->\nafter\n';
  const refreshed = refreshEvents(readme);
  t.is(refreshed, `before\n${renderEventsBlock()}\nafter\n`);
  for (const {code} of eventsCatalogue) t.true(refreshed.includes(`| \`${code}\` |`));
});
