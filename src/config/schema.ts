import {z} from 'zod';
import {encryption, privacy} from './privacy.ts';
import {traces} from './traces.ts';
import {duration, httpUrl, longDuration, port, secret, timerDelay, timerDuration} from './values.ts';

const pem = z.string().includes('-----BEGIN ', 'must be PEM text: take it from its file by a `file:` reference.');

const listen = z.strictObject({
  host: z.string().min(1).default('0.0.0.0').describe('Address the public port binds to.'),
  port: port.default(8080).describe('Public port: webhooks of platforms and carriers, media links.'),
  tls: z
    .strictObject({
      cert: pem.describe('Certificate chain (PEM).'),
      key: pem.describe('Private key (PEM).'),
    })
    .optional()
    .describe('Serves HTTPS on the public port; without it a proxy in front must.'),
});

const token = z.strictObject({
  name: z.string().min(1).max(64).describe('Who it is: stands in the history of what was done.'),
  role: z
    .enum(['reader', 'operator'])
    .describe('`reader` looks, `operator` also replays, settles, pauses, drains, purges and reloads.'),
  token: secret.describe('The bearer token itself.'),
});

const management = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address the management port binds to; anything but loopback needs `tokens`.'),
  port: port.default(8081).describe('Management port: health, metrics, API.'),
  tokens: z.array(token).default([]).describe('Who may use the API. Without tokens only health is served.'),
  eventWebhook: httpUrl
    .optional()
    .describe('Told of critical events by a POST of JSON, each code at most once a minute.'),
  metricsOpen: z.boolean().default(false).describe('Serves `/metrics` without a token, for scrapers.'),
});

const limits = z.strictObject({
  maxOutbound: z
    .int()
    .min(1)
    .default(1_000_000)
    .describe('Outbound messages waiting in all; above it webhooks are answered 503 and redelivered later.'),
  maxOutboundPerPlatform: z.int().min(1).optional().meta({
    fallback: 'as `maxOutbound`',
    description:
      'Outbound messages of one platform waiting; above it its webhooks alone are answered 503. Where several share the gateway, set it so that none can fill the queue of all.',
  }),
});

const log = z.strictObject({
  level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('The least severe lines written.'),
});

const reload = z.strictObject({
  watch: z
    .boolean()
    .default(true)
    .describe('Takes a changed file over by itself: this one, `channels.d/`, and those secrets are read from.'),
  settle: timerDuration('1s').describe('Nothing must have happened to the files for this long; at most `24d`.'),
  look: timerDuration('30s').describe(
    'They are looked at this often all the same, at most `24d` apart: some file systems tell nothing.',
  ),
});

/** The file without its named parties and channels, which are checked one by one. */
export const gatewaySchema = z.strictObject({
  listen: listen.prefault({}),
  publicUrl: httpUrl
    .transform(url => url.replace(/\/+$/, ''))
    .optional()
    .describe('The gateway as outside parties see it: what Twilio signs, where media links point.'),
  management: management.prefault({}),
  store: z
    .string()
    .regex(
      /^(sqlite:[^?#:]+|postgres(ql)?:\/\/.+)$/,
      'must be `sqlite:path/to/file.db` or `postgres://user:password@host/database`.',
    )
    .refine(
      text => text.startsWith('sqlite:') || isReadable(text),
      'is no URL: in a user or a password write `%` as `%25`, `#` as `%23`, `/` as `%2F`, `?` as `%3F`, `@` as `%40`.',
    )
    .default('sqlite:data/gateway.db')
    .describe(
      'Where messages are kept: `sqlite:` and a path (one process), or a `postgres://` URL (several replicas; it may end in `?schema=`, `sslmode=verify-full`, `sslrootcert=`, `pooler=transaction`).',
    ),
  recordings: z
    .string()
    .min(1)
    .default('data/recordings')
    .describe('Folder for webhooks that the command `record` asks to be written down.'),
  limits: limits.prefault({}),
  encryption: encryption.prefault({}),
  privacy: privacy.prefault({}),
  textRetention: duration('72h').describe('Texts and media are dropped this long after a message ended.'),
  retention: duration('30d').describe('Everything else about a message is dropped this long after it ended.'),
  auditRetention: longDuration('400d').describe('What operators did (`audit`) is dropped this long after they did it.'),
  stopDelay: timerDelay('5s').describe(
    'After SIGTERM readiness is 503 and webhooks are still taken for this long, at most `24d`, until balancers have noticed.',
  ),
  reload: reload.prefault({}),
  log: log.prefault({}),
  traces,
  platforms: z.record(z.string(), z.unknown()).default({}).describe('Contact centres by name.'),
  carriers: z.record(z.string(), z.unknown()).default({}).describe('Carrier accounts by name.'),
  channels: z
    .array(z.unknown())
    .default([])
    .describe('Sender identities; more may lie in `channels.d/*.yaml` beside the file.'),
});

/** By PostgreSQL's client: what stands in it is escaped as in any URL. */
function isReadable(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.hash === '' && !/^[^?]*%(?![\da-f]{2})/i.test(url.href);
}

export type GatewayFile = z.infer<typeof gatewaySchema>;
