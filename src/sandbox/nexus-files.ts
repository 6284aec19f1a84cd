import {randomUUID} from 'node:crypto';

export interface NexusFile {
  bytes: Buffer;
  contentType: string;
  filename: string;
}

/** Files by the reference a message carries: `genesys://nexus/<mediaId>`. */
export function createFiles() {
  const files = new Map<string, NexusFile>();
  const prefix = 'genesys://nexus/';

  return {
    /** Answers the reference. */
    add(file: NexusFile): string {
      const url = prefix + randomUUID();
      files.set(url, file);
      return url;
    },
    get: (url: string) => files.get(url),
    byMediaId: (mediaId: string) => files.get(prefix + mediaId),
  };
}

/** The part called `file` of a multipart body (RFC 7578), or undefined. */
export function parseFile(contentType: string, body: Buffer): NexusFile | undefined {
  const boundary = /^multipart\/form-data;\s*boundary="?([^";]{1,70})"?$/i.exec(contentType)?.[1];
  const start = boundary === undefined ? -1 : body.indexOf(`--${boundary}\r\n`);
  const headEnd = body.indexOf('\r\n\r\n', start);
  const end = body.indexOf(`\r\n--${boundary}--`, headEnd);
  if (start < 0 || headEnd < 0 || end < 0) return undefined;
  const head = body.subarray(start, headEnd).toString('latin1');
  const filename = /^content-disposition: form-data; name="file"; filename="([^"]*)"$/im.exec(head)?.[1];
  const type = /^content-type: (\S+)$/im.exec(head)?.[1];
  if (filename === undefined || type === undefined) return undefined;
  return {bytes: body.subarray(headEnd + 4, end), contentType: type, filename};
}
