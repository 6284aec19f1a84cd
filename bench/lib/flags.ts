import {readFileSync} from 'node:fs';
import {z} from 'zod';

const {scripts} = z
  .object({scripts: z.object({start: z.string()})})
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));

/** What `npm start` gives Node: nothing is measured that nobody runs. */
export const nodeFlags: readonly string[] = scripts.start.split(' ').filter(word => word.startsWith('--'));
