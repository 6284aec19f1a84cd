/** Name and value as they stood in a form, in its order; names may repeat. */
export type Pair = readonly [name: string, value: string];

/** The pairs of a form or a query, raw: nothing trimmed, dropped, nested or merged. */
export function readPairs(text: string): Pair[] {
  // `URLSearchParams` would take a leading `?` for a query's mark.
  return [...new URLSearchParams(withSigns(text.startsWith('?') ? `&${text}` : text))];
}

/** Each pair with its `=`: Node looks for one to the very end of the text, for each name that has none, and takes seconds for a megabyte of names. */
function withSigns(text: string): string {
  return text.replace(/(^|&)[^&=]+(?=&|$)/g, '$&=');
}
