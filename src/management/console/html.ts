const trusted: unique symbol = Symbol('markup');

/** Markup that is safe as it stands; only `html` makes it. A symbol, so that no JSON can pretend to be one. */
export interface Html {
  readonly [trusted]: string;
}

export type Part = Html | string | number | false | undefined | readonly Part[];

/** Everything put into the template is escaped, unless it is itself made by `html`. Attributes have to stand in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = strings.map((text, index) => (index === 0 ? text : `${toMarkup(parts[index - 1])}${text}`)).join('');
  return {[trusted]: markup};
}

export function toText(page: Html): string {
  return page[trusted];
}

function toMarkup(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part));
  if (isList(part)) return part.map(toMarkup).join('');
  return part[trusted] ?? '';
}

function isList(part: Html | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, character => escapes[character] ?? '');
}
