import type {Media} from '../../core/message.ts';
import {cleanText} from '../../core/text.ts';
import {member, toWords} from './places.ts';

const fetchable = /^(https?|genesys):\/\/[\x21-\x7e]{1,2000}$/i;
const mime = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/;

/** What an object like an attachment points at, or an address alone. Only what somebody can fetch: web addresses and Nexus' own references. */
export function toMedium(holder: unknown, urlName?: string): Media | undefined {
  const url = toWords(urlName === undefined ? holder : member(holder, urlName))?.trim();
  if (url === undefined || !fetchable.test(url)) return undefined;
  const contentType = ['mime', 'mimeType', 'contentType'].map(name => member(holder, name)).find(isMime);
  const filename = toWords(member(holder, 'filename'));
  return {
    url,
    ...(contentType === undefined ? {} : {contentType: contentType.toLowerCase()}),
    ...(filename === undefined ? {} : {filename: cleanText(filename).slice(0, 200).toWellFormed()}),
  };
}

function isMime(value: unknown): value is string {
  return typeof value === 'string' && mime.test(value);
}
