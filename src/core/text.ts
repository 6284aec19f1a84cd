/** What no store and no alphabet takes: NUL is dropped, a lone surrogate becomes U+FFFD. Done once, at the edge. */
export function cleanText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).toWellFormed();
}
