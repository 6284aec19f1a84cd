/** Finds what no log line, metric or event may hold: secrets, texts, phones as they are. */
export interface LeakWatch {
  /** What people write in this test. */
  knowText(text: string): void;
  /** Takes the secrets of a configuration file, and its own numbers, which are none. */
  knowFile(yaml: string): void;
  scan(where: string, line: string): void;
  /** A sentence for each of the first few. */
  readonly leaks: readonly string[];
}

const secretSetting =
  /\b(?:\w*[Ss]ecrets?|password|token|authTokens?|key|phoneKeys|apiKey):\s*\[?\s*["']?([^\s"'\],}]{6,})/g;
const ownNumber = /["' ]\+?(\d{5,15})["'\s,\]]/g;
/** Shorter ones are words of the gateway's own. */
const shortestText = 8;
const phone = /(?<![\w*+])\+\d{8,15}(?![\d*])/g;
/** The made-up numbers of the tests, however they are written. */
const madeUpPhone = /(?<!\d)1415555\d{4}(?!\d)/g;
const most = 5;

export function createLeakWatch(): LeakWatch {
  const words = new Map<string, string>();
  const own = new Set<string>();
  const leaks: string[] = [];

  function tell(what: string, where: string, line: string): void {
    if (leaks.length < most) leaks.push(`${what} in ${where}: ${line.slice(0, 400)}`);
  }

  return {
    leaks,
    knowText(text) {
      if (text.length >= shortestText) words.set(text, 'a text');
    },
    knowFile(yaml) {
      for (const [, secret = ''] of yaml.matchAll(secretSetting)) words.set(secret, 'a secret');
      for (const [, number = ''] of yaml.matchAll(ownNumber)) own.add(number);
    },
    scan(where, line) {
      for (const [word, kind] of words) if (line.includes(word)) tell(kind, where, line);
      for (const [found] of [...line.matchAll(phone), ...line.matchAll(madeUpPhone)]) {
        if (!own.has(found.replace('+', ''))) tell('a phone', where, line);
      }
    },
  };
}

/** For the end of a test. */
export function refuseLeaks({leaks}: LeakWatch): void {
  if (leaks.length > 0) throw new Error(`what must stay secret was told:\n${leaks.join('\n')}`);
}
