import {once} from 'node:events';
import {createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener} from 'node:http';
import {createServer as createHttpsServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import type {ExecutionContext} from 'ava';
import {z} from 'zod';
import {until} from './until.ts';

/** OTLP's JSON as opentelemetry-proto has it, strictly: ids in hex, times as decimal strings, enums as numbers. */
const value = z.union([
  z.strictObject({stringValue: z.string()}),
  z.strictObject({boolValue: z.boolean()}),
  z.strictObject({intValue: z.string().regex(/^-?\d+$/)}),
  z.strictObject({doubleValue: z.number()}),
]);
const attributes = z.array(z.strictObject({key: z.string().min(1), value}));
const nanoseconds = z.string().regex(/^1\d{18}$/);
const spanId = z.string().regex(/^[\da-f]{16}$/);
const span = z.strictObject({
  traceId: z.string().regex(/^[\da-f]{32}$/),
  spanId,
  parentSpanId: spanId.optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  status: z.strictObject({code: z.literal(2), message: z.string()}).optional(),
});
const scopeSpans = z.array(z.strictObject({scope: z.strictObject({name: z.string()}), spans: z.array(span).min(1)}));
const body = z.strictObject({
  resourceSpans: z.array(z.strictObject({resource: z.strictObject({attributes}), scopeSpans})).length(1),
});

export type ToldSpan = Omit<z.infer<typeof span>, 'attributes'> & {attributes: Record<string, unknown>};

/** A pretend OpenTelemetry collector. What is not OTLP is answered 400. */
export interface Collector {
  endpoint: string;
  spans: ToldSpan[];
  services: string[];
  headers: IncomingHttpHeaders[];
  /** As they came, for a scan. */
  bodies: string[];
  /** Answers for the next batches, before it takes all; status 0: none, ever. */
  answers: Array<{status: number; headers?: Record<string, string>; body?: unknown}>;
  /** Waits until these steps of a trace were told. */
  trace(traceId: string, names: readonly string[]): Promise<ToldSpan[]>;
}

export async function startCollector(t: ExecutionContext, tls?: {cert: string; key: string; ca?: string}) {
  const collector: Omit<Collector, 'endpoint' | 'trace'> = {
    spans: [],
    services: [],
    headers: [],
    bodies: [],
    answers: [],
  };

  const handle: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    collector.headers.push(request.headers);
    collector.bodies.push(text);
    const answer = collector.answers.shift();
    if (answer?.status === 0) return;
    if (answer !== undefined) {
      response.writeHead(answer.status, answer.headers).end(JSON.stringify(answer.body ?? {}));
      return;
    }
    const isRight = request.method === 'POST' && request.url === '/v1/traces';
    const read = body.safeParse(isRight ? JSON.parse(text) : undefined);
    if (read.success) keep(read.data);
    response.writeHead(read.success ? 200 : 400).end(read.success ? '{"partialSuccess":{}}' : String(read.error));
  };

  function keep({resourceSpans}: z.infer<typeof body>): void {
    for (const {resource, scopeSpans: scopes} of resourceSpans) {
      collector.services.push(...Object.values(toRecord(resource.attributes)).map(String));
      const told = scopes.flatMap(({spans}) => spans);
      collector.spans.push(...told.map(one => ({...one, attributes: toRecord(one.attributes)})));
    }
  }

  const server =
    tls === undefined
      ? createHttpServer(handle)
      : createHttpsServer({...tls, ...(tls.ca !== undefined && {requestCert: true})}, handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const {port} = server.address() as AddressInfo;

  return {
    ...collector,
    endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/v1/traces`,
    trace: (traceId: string, names: readonly string[]) =>
      until(`the steps ${names.join(', ')} of trace ${traceId}`, () => {
        const found = collector.spans.filter(one => one.traceId === traceId);
        return names.every(name => found.some(one => one.name === name)) ? found : undefined;
      }),
  } satisfies Collector;
}

function toRecord(list: z.infer<typeof attributes>): Record<string, unknown> {
  return Object.fromEntries(list.map(({key, value: given}) => [key, Object.values(given)[0]]));
}
