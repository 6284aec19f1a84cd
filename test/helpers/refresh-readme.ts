import {readFileSync, writeFileSync} from 'node:fs';
import {refreshEvents} from './readme-events.ts';
import {refreshMetrics} from './readme-metrics.ts';
import {readmeFile, refreshSettings} from './readme-settings.ts';

/** `npm run settings`: writes the tables of settings, events and metrics into the README, from what they are tables of. */
writeFileSync(readmeFile, await refreshMetrics(refreshEvents(refreshSettings(readFileSync(readmeFile, 'utf8')))));
