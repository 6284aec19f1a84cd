import type {Document} from './document.ts';
import type {Mistake, Path} from './mistakes.ts';

const shortestSecret = 8;
/** Without a channel in a webhook's path no more secrets than this are tried. */
const mostSecretsTried = 64;

const secretKeys = /^(webhookSecret|apiSecret|secret|token|authTokens?|password|passphrase|apiKey)$/;
const loopback = /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/i;

/** What is allowed and probably not meant: unencrypted URLs, short or padded secrets. Tells places, never values. */
export function warnOf(document: Document, warnings: Mistake[]): void {
  const visit = (value: unknown, path: Path): void => {
    if (typeof value === 'string') {
      const why = complain(path, value);
      if (why !== undefined) warnings.push(document.mistake(path, why));
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) visit(item, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  visit(document.value, []);
}

export function warnOfManySecrets(secrets: readonly string[], document: Document, warnings: Mistake[]): void {
  const count = new Set(secrets).size;
  if (count <= mostSecretsTried) return;
  const message = `hold ${count} different webhook secrets: webhooks without a channel in their path are tried with the first ${mostSecretsTried} only, so give the platform URLs with the channel in them.`;
  warnings.push(document.mistake(['channels'], message));
}

function complain(path: Path, value: string): string | undefined {
  const key = path.findLast(step => typeof step === 'string');
  if (typeof key === 'string' && secretKeys.test(key)) {
    if (value.length < shortestSecret)
      return `is a secret of fewer than ${shortestSecret} characters: take a longer one.`;
    return value === value.trim()
      ? undefined
      : 'is a secret with blanks at its edge: make sure that they belong to it.';
  }
  if (key === 'receiptStatuses' && value === 'Sent')
    return 'is a receipt that is never made: the 200 tells a platform that a text is on its way. Take it out.';
  if (key === 'proxy' || !/^http:\/\//i.test(value) || loopback.test(value)) return undefined;
  return 'is an http: URL: texts and signatures cross the network readable; use https: if the far side has it.';
}
