/** `npm run settings`: writes the README's tables of settings anew, from the schemas. */
import {readFileSync, writeFileSync} from 'node:fs';
import {findSettingsBlock, readmeFile, refreshSettings} from '../helpers/readme-settings.ts';

const readme = readFileSync(readmeFile, 'utf8');
if (findSettingsBlock(readme) === undefined) {
  console.error('README.md has no block between <!-- settings --> and <!-- /settings -->: put the markers in.');
  process.exitCode = 1;
} else writeFileSync(readmeFile, refreshSettings(readme));
