/**
 * Addresses are canonical inside: `+` and digits for phones (E.164), digits for short codes, letters for sender names,
 * and with their prefix those that are no phone numbers (`whatsapp:+1…`).
 */

const longestShortCode = 8;

/**
 * The canonical form of a phone as a platform or a carrier writes it, or undefined when it can't be one.
 * A number without plus is read as international: every example of Genesys' and Twilio's is.
 */
export function toAddress(raw: string): string | undefined {
  if (isPhone(raw)) return raw;
  if (isBareNumber(raw)) return `+${raw}`;
  const trimmed = raw.trim();
  if (/^[a-z]+:.{1,100}$/i.test(trimmed)) return trimmed;
  const plus = /^(?:\+|00)(?=[\d\s().-]+$)/.exec(trimmed);
  if (plus !== null || /^\d[\d\s().-]*$/.test(trimmed)) {
    const rest = trimmed.slice(plus?.[0].length ?? 0);
    // `+44 (0)7700 900001`: the zero is for calls within the country.
    const digits = (plus === null ? rest : rest.replace('(0)', '')).replace(/\D/g, '');
    if (plus === null && digits.length >= 3 && digits.length <= longestShortCode) return digits;
    return digits.length >= 7 && digits.length <= 15 && !digits.startsWith('0') ? `+${digits}` : undefined;
  }
  return isSenderName(trimmed) ? trimmed : undefined;
}

/** As lists of phones have it, behind a prefix too. A sender's name is none, nor what a spreadsheet makes of a number, `1.41556E+10`. */
export function toPhone(raw: string): string | undefined {
  const address = withoutPrefix(toAddress(raw) ?? '');
  return address === '' || isSenderName(address) ? undefined : address;
}

/** A phone is a phone by whatever way it is written to; what is none (`whatsapp:` with a user id) keeps its prefix. */
export function withoutPrefix(address: string): string {
  const bare = toAddress(address.replace(/^[a-z]+:/i, ''));
  return bare !== undefined && isPhone(bare) ? bare : address;
}

/** At most 11 characters of letters, digits and a few marks, with a letter in it (3GPP 23.040 9.1.2.5). */
export function isSenderName(address: string): boolean {
  return /^(?=.*[a-z])[\w &.+-]{1,11}$/i.test(address);
}

export function isShortCode(address: string): boolean {
  return /^\d{3,8}$/.test(address);
}

export function isPhone(address: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(address);
}

/** As most write a phone: digits alone, too many for a short code. */
function isBareNumber(address: string): boolean {
  return /^[1-9]\d{8,14}$/.test(address);
}

/** For logs: `+1415555****`. Everything that could be a phone is masked, whatever its form. */
export function maskPhone(address: string): string {
  return address.replace(/\d(?=(?:\D*\d){0,3}\D*$)/g, '*');
}
