import {z} from 'zod';
import type {NexusAdmin, Present} from './nexus-admin.ts';
import type {Change, Look, Target} from './target.ts';

const service = 'SMS';
const wanted = {url: 'N/A', data: {provider: 'Async'}, secret: {}};
const blind = {sign: '~', text: "provider -> Async (what stands there can't be read)"} as const;
const unseen =
  'The system does not show the present service: should another provider serve numbers of this tenant, Async takes them all over.';
/** A system may write what is not there as null. */
const told = z
  .string()
  .nullish()
  .transform(word => word ?? undefined);
const standing = z.looseObject({data: z.looseObject({provider: told, tokenProvider: told}).nullish()});

export interface SmsProvider {
  provider: string | undefined;
  tokenProvider: string | undefined;
}

const nobody: SmsProvider = {provider: undefined, tokenProvider: undefined};

/** Who serves the tenant's SMS; undefined where the document has a form that is not known here: a provider stands in it where none is looked for. */
export function readSms(document: unknown): SmsProvider | undefined {
  const read = standing.safeParse(document);
  const {provider, tokenProvider} = read.data?.data ?? {};
  const isElsewhere =
    provider === undefined &&
    tokenProvider === undefined &&
    /"(tokenP|p)rovider":(?!null)/.test(JSON.stringify(document));
  return read.success && !isElsewhere ? {provider, tokenProvider} : undefined;
}

/** The service `SMS`: one for the whole tenant, so that taking it over changes all its numbers. */
export function createSmsTarget(name: string, admin: NexusAdmin, replace: boolean): Target {
  async function look(): Promise<Look> {
    const present = await admin.read(service);
    const before = present.kind === 'document' ? present.document : undefined;
    const read = before === undefined ? nobody : readSms(before);
    const provider = read === undefined ? 'unknown' : (read.provider ?? read.tokenProvider);
    const isSame = provider === wanted.data.provider;
    const isBlind = present.kind === 'hidden';
    return {
      before,
      changes: isSame ? [] : [toChange(present.kind, provider)],
      notes: isBlind ? [unseen] : [],
      objections: isSame || replace ? [] : toObjections(name, read),
      readable: !isBlind,
      rewrite: false,
      apply: () => admin.write(service, wanted),
    };
  }

  async function restore(before: unknown) {
    if (before === undefined || before === null) return 'stays';
    await admin.write(service, before);
    return 'put back';
  }

  return {name, look, restore};
}

function toObjections(name: string, read: SmsProvider | undefined): string[] {
  if (read === undefined) {
    return [
      `${name} has a form that is not known here, so that nobody can tell who serves the tenant: compare it with the set-up guide by hand. To write it all the same, say --replace.`,
    ];
  }
  const provider = read.provider ?? read.tokenProvider;
  if (provider === undefined) return [];
  return [`${name}: ${provider} serves all numbers of this tenant. To make it Async for all, say --replace.`];
}

function toChange(kind: Present['kind'], provider: string | undefined): Change {
  if (kind === 'hidden') return blind;
  return {sign: kind === 'absent' ? '+' : '~', text: `provider ${provider ?? 'none'} -> Async`};
}
