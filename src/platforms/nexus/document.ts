import {Refusal} from '../../core/refusal.ts';

/** A body that is JSON: as it came, without its byte-order mark, and parsed. */
export interface Document {
  raw: string;
  body: unknown;
}

const utf8 = new TextDecoder('utf-8', {fatal: true});

/** Throws a `Refusal` 400 for what is no JSON in UTF-8 (RFC 8259 8.1; a byte-order mark may be ignored, and is). */
export function toDocument(bytes: Uint8Array): Document {
  try {
    const raw = utf8.decode(bytes);
    return {raw, body: JSON.parse(raw)};
  } catch {
    throw new Refusal(400, 'not_json', 'The body is not JSON in UTF-8: send {"messages": […]} as application/json.');
  }
}
