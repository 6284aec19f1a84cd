import {createHash} from 'node:crypto';

export interface File {
  bytes: Uint8Array;
  contentType: string;
  filename: string;
}

/** One file as multipart/form-data (RFC 7578), whole: its signature is made over these very bytes. The same file makes the same body. */
export function toMultipart({bytes, contentType, filename}: File): {body: Buffer; contentType: string} {
  const boundary = `file-${createHash('sha256').update(bytes).update(filename).digest('hex').slice(0, 40)}`;
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${toSafeFilename(filename)}"`,
    `Content-Type: ${contentType}`,
    '',
    '',
  ].join('\r\n');
  return {
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

/** Nothing that could end the quotes or the line. */
export function toSafeFilename(filename: string): string {
  const safe = filename
    .replace(/[^\w.-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 100);
  return safe === '' ? 'file' : safe;
}
