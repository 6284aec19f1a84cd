/** Others' words as a piece of one line of a terminal: none may move the cursor, begin a line or turn one around. */
export function toPrintable(text: string): string {
  return text.replace(/\r?\n/g, '↵').replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '?');
}
