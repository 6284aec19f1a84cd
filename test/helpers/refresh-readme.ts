import {readFileSync, writeFileSync} from 'node:fs';
import {readmeFile, refreshSettings} from './readme-settings.ts';

/** `npm run settings`: writes the tables of settings into the README, from the schemas. */
writeFileSync(readmeFile, refreshSettings(readFileSync(readmeFile, 'utf8')));
