import {Agent, type Dispatcher, ProxyAgent, request} from 'undici';
import {z} from 'zod';
import {type Span, toOtlp} from './otlp.ts';

export interface CollectorSettings {
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  tls: {ca?: string | undefined; cert?: string | undefined; key?: string | undefined};
  proxy?: string | undefined;
  timeout: number;
  serviceName: string;
}

/** `later`: none of them was taken, and they may be sent again (OTLP, "Retryable Response Codes"). */
export type CollectorAnswer =
  | {kind: 'done'; refused: number; why?: string}
  | {kind: 'later'; retryAfterMs: number; why: string};

export interface Collector {
  /** Never rejects. */
  post(spans: readonly Span[], withinMs: number): Promise<CollectorAnswer>;
  stop(): Promise<void>;
}

const mostAnswerBytes = 65_536;
const retryable: readonly number[] = [408, 425, 429, 502, 503, 504];
const longestRestMs = 60_000;
const partial = z.object({partialSuccess: z.object({rejectedSpans: z.coerce.number().int().min(0)})});

/** One OpenTelemetry collector, by OTLP over HTTP with JSON. */
export function createCollector(settings: CollectorSettings): Collector {
  const {endpoint, serviceName} = settings;
  const dispatcher = createDispatcher(settings);
  const headers = {...settings.headers, 'content-type': 'application/json'};
  const resource = {'service.name': serviceName};

  async function post(spans: readonly Span[], withinMs: number): Promise<CollectorAnswer> {
    const body = JSON.stringify(toOtlp(spans, resource));
    try {
      const signal = AbortSignal.timeout(withinMs);
      const answer = await request(endpoint, {method: 'POST', headers, body, dispatcher, signal});
      return toAnswer(answer.statusCode, answer.headers['retry-after'], await answer.body.text(), spans.length);
    } catch (error) {
      return {kind: 'later', retryAfterMs: 0, why: codeOf(error)};
    }
  }

  return {post, stop: () => dispatcher.destroy()};
}

function toAnswer(
  status: number,
  retryAfter: string | string[] | undefined,
  body: string,
  count: number,
): CollectorAnswer {
  if (status >= 200 && status < 300) {
    const refused = Math.min(count, countRefused(body));
    return {kind: 'done', refused, ...(refused > 0 && {why: `refused ${refused} spans`})};
  }
  const why = `answered ${status}`;
  if (!retryable.includes(status)) return {kind: 'done', refused: count, why};
  const seconds = Number(retryAfter ?? 0);
  return {kind: 'later', retryAfterMs: seconds > 0 ? Math.min(longestRestMs, seconds * 1000) : 0, why};
}

function countRefused(body: string): number {
  try {
    return partial.safeParse(JSON.parse(body)).data?.partialSuccess.rejectedSpans ?? 0;
  } catch {
    return 0;
  }
}

function createDispatcher({tls, proxy, timeout}: CollectorSettings): Dispatcher {
  const given = Object.fromEntries(Object.entries(tls).filter(([, pem]) => pem !== undefined));
  const limits = {connections: 1, maxResponseSize: mostAnswerBytes, allowH2: false};
  const connect = {...given, timeout};
  if (proxy === undefined) return new Agent({...limits, connect});
  return new ProxyAgent({...limits, uri: proxy, requestTls: connect, proxyTls: {timeout}});
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'a fault';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
