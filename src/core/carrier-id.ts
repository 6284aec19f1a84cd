/**
 * SMSCs write one message id in several notations: hex in the response and decimal in the receipt, other case, leading zeros, hyphens.
 * The store keeps one key for each id it was given; a receipt's id is looked up under every key it could stand for.
 * Never Number(): ids of 19 and more digits overflow.
 */

export interface IdCandidate {
  key: string;
  /** A weak match (another base) counts only if the handset agrees and nothing else fits. */
  weak: boolean;
}

/** How a receipt writes the id that the answer to its segment brought. */
export type IdNotation = 'exact' | 'caseOrZeros' | 'hexToDecimal' | 'decimalToHex';

/** Undefined: they name different messages. */
export function toNotation(answered: string, told: string): IdNotation | undefined {
  if (answered === told) return 'exact';
  const [own, key] = [toIdKey(answered), toIdKey(told)];
  if (own === key) return 'caseOrZeros';
  if (/^\d{1,40}$/.test(key) && BigInt(key).toString(16) === own) return 'hexToDecimal';
  return /^[\da-f]{1,32}$/.test(key) && BigInt(`0x${key}`).toString(10) === own ? 'decimalToHex' : undefined;
}

/** Lower case, no hyphens, no leading zeros. */
export function toIdKey(id: string): string {
  return id
    .trim()
    .toLowerCase()
    .replaceAll('-', '')
    .replace(/^0+(?=.)/, '');
}

/** The keys a stored id may have if `id` names the same message: as it is, then decimal→hex, then hex→decimal. */
export function toIdCandidates(id: string): IdCandidate[] {
  const key = toIdKey(id);
  const candidates: IdCandidate[] = [{key, weak: false}];
  if (/^\d{1,40}$/.test(key)) candidates.push({key: BigInt(key).toString(16), weak: true});
  if (/^[\da-f]{1,32}$/.test(key)) candidates.push({key: BigInt(`0x${key}`).toString(10), weak: true});
  return candidates.filter((candidate, index) => candidates.findIndex(other => other.key === candidate.key) === index);
}
