import {z} from 'zod';

/** The management port of a running gateway. */
export interface ManagementPlace {
  url: string;
  /** A token that may look; without it only health is seen. */
  token: string | undefined;
}

/** What it tells; each kind of silence is one of its own. */
export type Running =
  | {kind: 'down'; code: string}
  | {kind: 'other'}
  | {kind: 'up'; health: z.output<typeof health>; detail: Detail};

type Detail = {kind: 'told'; told: z.output<typeof carriers>} | {kind: 'refused'} | {kind: 'untold'};

const timeoutMs = 10_000;

const health = z.object({
  status: z.string(),
  checks: z.record(z.string(), z.string()),
  carriers: z.array(z.object({name: z.string(), usable: z.boolean(), state: z.string()})),
});
const gate = z.looseObject({
  kind: z.string(),
  // Times are Unix ms there.
  filter: z.record(z.string(), z.union([z.string(), z.number().transform(at => new Date(at).toISOString())])),
  reason: z.string().optional(),
});
const carriers = z.object({gates: z.array(gate)});

/** Asks the gateway how it is. Never rejects. */
export async function lookAtGateway({url, token}: ManagementPlace): Promise<Running> {
  const ready = await get(`${url}/health/ready`, undefined);
  if ('code' in ready) return {kind: 'down', code: ready.code};
  const read = health.safeParse(ready.body);
  if (!read.success) return {kind: 'other'};
  return {kind: 'up', health: read.data, detail: await lookCloser(url, token)};
}

async function lookCloser(url: string, token: string | undefined): Promise<Detail> {
  if (token === undefined) return {kind: 'untold'};
  const answer = await get(`${url}/api/carriers`, token);
  if ('code' in answer) return {kind: 'untold'};
  if (answer.status === 401 || answer.status === 403) return {kind: 'refused'};
  const read = carriers.safeParse(answer.body);
  return read.success ? {kind: 'told', told: read.data} : {kind: 'untold'};
}

async function get(url: string, token: string | undefined): Promise<{status: number; body: unknown} | {code: string}> {
  try {
    const headers = token === undefined ? {} : {authorization: `Bearer ${token}`};
    const response = await fetch(url, {headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs)});
    return {status: response.status, body: parse(await response.text())};
  } catch (error) {
    return {code: toCode(error)};
  }
}

/** The code of what failed below `fetch`, never its objects. */
export function toCode(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'unknown';
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
