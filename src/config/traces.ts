import {z} from 'zod';
import {httpUrl, timerDuration} from './values.ts';

const pem = z.string().includes('-----BEGIN ', 'must be PEM text: take it from its file by a `file:` reference.');
const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,64}$/, 'must be the name of a header.');

export const traces = z
  .strictObject({
    endpoint: httpUrl.describe(
      'Where an OpenTelemetry collector takes OTLP over HTTP with JSON: `http://otel-collector:4318/v1/traces`. Without it nothing is traced.',
    ),
    headers: z
      .record(headerName, z.string().min(1).max(4000))
      .default({})
      .describe('Sent with each batch, such as `authorization`.'),
    tls: z
      .strictObject({
        ca: pem.optional().describe('PEM of the authorities to trust instead of the well-known ones.'),
        cert: pem.optional().describe('PEM of the client certificate, where the collector asks for one.'),
        key: pem.optional().describe('PEM of its private key.'),
      })
      .refine(({cert, key}) => (cert === undefined) === (key === undefined), 'cert and key come together')
      .prefault({})
      .describe('TLS towards the collector.'),
    proxy: httpUrl.optional().describe('HTTP proxy towards the collector.'),
    serviceName: z.string().min(1).max(100).default('nexus-async-gateway').describe('The `service.name` of all spans.'),
    share: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe(
        'Share of the messages that are traced, 0 to 1, by their trace id; a caller’s `X-B3-Sampled` decides alone.',
      ),
    every: timerDuration('5s').describe('What gathered is sent this often, or when it is 512 spans.'),
    timeout: timerDuration('10s').describe('How long the collector may take for a batch.'),
    maxWaiting: z
      .int()
      .min(512)
      .max(100_000)
      .default(8192)
      .describe('Spans kept while the collector takes none; more are dropped, and counted.'),
  })
  .optional()
  .describe('OpenTelemetry traces: one for each message, over all replicas; off without it.');
