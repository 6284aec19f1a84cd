import type {Contract} from './contract.ts';
import {findSecret, type SignatureForm, toSignatureFault} from './signature.ts';

/** A webhook's bytes and what its headers say about them. */
export interface Signed {
  raw: Buffer;
  /** `X-Hub-Signature`, empty when absent. */
  sha1: string;
  /** `X-Hub-Signature-256`, empty when absent. */
  sha256: string;
}

type Settings = Pick<Contract, 'signatureEncoding' | 'acceptSha256' | 'acceptRewritten'>;

/** The secret that signed, as far as the contract's settings let it. */
export function findSigner(
  signed: Signed,
  secrets: readonly string[],
  settings: Settings | undefined,
): string | undefined {
  const encoding = settings?.signatureEncoding ?? 'hex';
  if (signed.sha1 === '') {
    if (settings?.acceptSha256 !== true) return undefined;
    return findSecret(signed.sha256, signed.raw, secrets, toSha256Form(signed.sha256));
  }
  const form: SignatureForm = {algorithm: 'sha1', encoding};
  const signer = findSecret(signed.sha1, signed.raw, secrets, form);
  if (signer !== undefined || settings?.acceptRewritten !== true) return signer;
  return findSecret(signed.sha1, rewrite(signed.raw), secrets, form);
}

/** What is wrong with a webhook that no secret fits, and in which of its headers. */
export function findFault({sha1, sha256}: Signed, settings: Settings | undefined) {
  if (sha1 === '' && settings?.acceptSha256 === true) {
    return {header: 'sha256', fault: toSignatureFault(sha256, toSha256Form(sha256))} as const;
  }
  const form: SignatureForm = {algorithm: 'sha1', encoding: settings?.signatureEncoding ?? 'hex'};
  return {header: 'sha1', fault: toSignatureFault(sha1, form)} as const;
}

/** Genesys Cloud writes it in base64, whatever encodes the documented one; their lengths tell them apart. */
function toSha256Form(header: string): SignatureForm {
  return {algorithm: 'sha256', encoding: /=[\da-f]{64}$/i.test(header) ? 'hex' : 'base64'};
}

/** The body as a sender has it that signs before something on the way writes its JSON anew. */
function rewrite(raw: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(raw.toString('utf8'))));
  } catch {
    return raw;
  }
}
