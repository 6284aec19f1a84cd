import {formatDuration} from '../core/duration.ts';

export interface JourneyOptions {
  /** The management API's address of one message, and the token for it. */
  url: string;
  token: string;
  /** The event that ends it. */
  until: string;
  deadlineMs: number;
  print(line: string): void;
}

interface Step {
  at: number;
  event: string;
  detail?: Record<string, unknown>;
}

const lookMs = 25;

/** Prints the steps of one message's history as they happen, each with the time since it was accepted. */
export async function followJourney({url, token, until, deadlineMs, print}: JourneyOptions): Promise<void> {
  const end = performance.now() + deadlineMs;
  let printed = 0;
  while (performance.now() < end) {
    const {acceptedAt, events} = await fetchMessage(url, token);
    for (const step of events.slice(printed)) print(toLine(step, acceptedAt));
    printed = events.length;
    if (events.some(({event}) => event === until)) return;
    await new Promise(resolve => setTimeout(resolve, lookMs));
  }
  print(`  ${'!'.padStart(8)}  no ${until} after ${formatDuration(deadlineMs)}: look at ${url}`);
}

async function fetchMessage(url: string, token: string): Promise<{acceptedAt: number; events: Step[]}> {
  const response = await fetch(url, {headers: {authorization: `Bearer ${token}`}});
  if (!response.ok) return {acceptedAt: 0, events: []};
  return (await response.json()) as {acceptedAt: number; events: Step[]};
}

function toLine({at, event, detail = {}}: Step, acceptedAt: number): string {
  const since = formatDuration(Math.max(0, at - acceptedAt)).padStart(8);
  const [name, words] = toWords(event, detail);
  return `  ${since}  ${name.padEnd(10)}${words}`.trimEnd();
}

function toWords(event: string, detail: Record<string, unknown>): [string, string] {
  switch (event) {
    case 'accepted':
      return ['accepted', 'on disk; the caller has its answer'];
    case 'send_taken':
      return [
        'taken',
        `by ${detail.carrier}, segment ${Number(detail.segment) + 1}, carrier id ${detail.carrierMessageId}`,
      ];
    case 'receipt':
      return ['receipt', `from the carrier: ${detail.state}`];
    case 'delivered':
      return ['delivered', 'on the phone'];
    case 'posted':
      return [
        'posted',
        `${detail.of === 'receipt' ? 'the receipt' : 'the text'} to Nexus, signed; answered ${detail.status}`,
      ];
    default:
      return [
        event,
        Object.entries(detail)
          .map(([key, value]) => `${key} ${value}`)
          .join(', '),
      ];
  }
}
