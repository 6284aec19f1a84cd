import {readFileSync, writeFileSync} from 'node:fs';
import {refreshEvents} from './readme-events.ts';
import {readmeFile, refreshSettings} from './readme-settings.ts';

/** `npm run settings`: writes the tables of settings and of events into the README, from the schemas and the catalogue. */
writeFileSync(readmeFile, refreshEvents(refreshSettings(readFileSync(readmeFile, 'utf8'))));
