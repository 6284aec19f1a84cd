import {readdir, readFile, unlink} from 'node:fs/promises';
import {join} from 'node:path';
import {isWrittenIn} from '../core/written-phone.ts';
import type {RecordedWebhook} from './webhook.ts';

const shortest = 7;

/** Recorded webhooks that hold a phone; masked ones hold none. */
export function createRecordings(folder: string) {
  async function find(phone: string): Promise<string[]> {
    const digits = phone.replace(/\D/g, '');
    if (digits.length < shortest) return [];
    const found: string[] = [];
    for (const name of await list(folder)) {
      const file = join(folder, name);
      if (holds(await read(file), digits)) found.push(file);
    }
    return found;
  }

  return {
    count: async (phone: string) => (await find(phone)).length,
    async forget(phone: string) {
      const files = await find(phone);
      for (const file of files) await unlink(file).catch(() => {});
      return files.length;
    },
  };
}

/** No folder: nobody ever recorded. */
async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter(name => /\.json(\.part)?$/.test(name));
  } catch {
    return [];
  }
}

/** One that has gone meanwhile holds nothing. */
async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

/** Also in the bytes it came in. */
function holds(text: string, digits: string): boolean {
  if (isWrittenIn(text, digits)) return true;
  const bytes = toBytes(text);
  return bytes !== undefined && isWrittenIn(Buffer.from(bytes, 'base64').toString(), digits);
}

function toBytes(text: string): string | undefined {
  try {
    const record: Pick<RecordedWebhook, 'bytes'> = JSON.parse(text);
    return record.bytes;
  } catch {
    return undefined;
  }
}
