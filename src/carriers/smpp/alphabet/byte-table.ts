/** A charset of at most 256 characters, one octet each. */
export interface ByteTable {
  encode(text: string): Buffer | undefined;
  count(text: string): number;
  decode(bytes: Buffer): string;
}

/** @param toCharacter the character of a code, undefined where the charset has none: such octets are decoded as `\xNN`, never as `?` */
export function toByteTable(toCharacter: (code: number) => string | undefined): ByteTable {
  const characters = Array.from({length: 256}, (_, code) => toCharacter(code));
  const codes = new Map<number, number>();
  characters.forEach((character, code) => {
    if (character !== undefined) codes.set(character.charCodeAt(0), code);
  });

  return {
    encode(text) {
      const bytes = Buffer.allocUnsafe(text.length);
      for (let index = 0; index < text.length; index += 1) {
        const code = codes.get(text.charCodeAt(index));
        if (code === undefined) return undefined;
        bytes[index] = code;
      }
      return bytes;
    },
    count: text => text.length,
    decode: bytes => Array.from(bytes, code => characters[code] ?? `\\x${code.toString(16)}`).join(''),
  };
}
