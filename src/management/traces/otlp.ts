/** OTLP 1.x over HTTP in its JSON form (opentelemetry-proto, trace/v1/trace.proto): ids are hex, times are decimal strings of ns, enums are numbers. */

export interface Span {
  /** 32 lower-case hex digits. */
  traceId: string;
  /** 16 lower-case hex digits. */
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: keyof typeof kinds;
  /** Unix ms. */
  startedAt: number;
  endedAt: number;
  /** Those that are undefined are left out. */
  attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Why it is an error: a code, never words of others. */
  error?: string;
}

/** `SpanKind`. */
const kinds = {internal: 1, server: 2, client: 3, consumer: 5} as const;
/** `Status.StatusCode`. */
const statusError = 2;

/** The body of one `POST …/v1/traces`. */
export function toOtlp(spans: readonly Span[], resource: Readonly<Record<string, string>>) {
  const scope = {name: 'nexus-async-gateway'};
  return {
    resourceSpans: [
      {resource: {attributes: toAttributes(resource)}, scopeSpans: [{scope, spans: spans.map(toOtlpSpan)}]},
    ],
  };
}

function toOtlpSpan({traceId, spanId, parentSpanId, name, kind, startedAt, endedAt, attributes, error}: Span) {
  return {
    traceId,
    spanId,
    ...(parentSpanId !== undefined && {parentSpanId}),
    name,
    kind: kinds[kind],
    startTimeUnixNano: toNanoseconds(startedAt),
    endTimeUnixNano: toNanoseconds(Math.max(startedAt, endedAt)),
    attributes: toAttributes(attributes),
    ...(error !== undefined && {status: {code: statusError, message: error}}),
  };
}

/** A double holds Unix ms to a fraction of a microsecond, and no nanoseconds. */
function toNanoseconds(ms: number): string {
  return `${BigInt(Math.round(ms * 1000))}000`;
}

function toAttributes(attributes: Span['attributes']) {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{key, value: toValue(value)}],
  );
}

function toValue(value: string | number | boolean) {
  if (typeof value === 'string') return {stringValue: value};
  if (typeof value === 'boolean') return {boolValue: value};
  return Number.isInteger(value) ? {intValue: String(value)} : {doubleValue: value};
}
