import {z} from 'zod';
import type {NexusAdmin} from './nexus-admin.ts';
import type {Look, Target} from './target.ts';

const service = 'SMS';
const wanted = {url: 'N/A', data: {provider: 'Async'}, secret: {}};
const blind = {sign: '~', text: "provider -> Async (what stands there can't be read)"} as const;
const unseen =
  'The system does not show the present service: should another provider serve numbers of this tenant, Async takes them all over.';
const standing = z.looseObject({
  data: z.looseObject({provider: z.string().optional(), tokenProvider: z.string().optional()}).prefault({}),
});

/** The service `SMS`: one for the whole tenant, so that taking it over changes all its numbers. */
export function createSmsTarget(name: string, admin: NexusAdmin, replace: boolean): Target {
  async function look(): Promise<Look> {
    const present = await admin.read(service);
    const before = present.kind === 'document' ? present.document : undefined;
    const {data} = standing.safeParse(before).data ?? {data: {}};
    const provider = data.provider ?? data.tokenProvider;
    const isSame = provider === wanted.data.provider;
    const isOther = provider !== undefined && !isSame;
    const isBlind = present.kind === 'hidden';
    return {
      before,
      changes: isSame ? [] : [isBlind ? blind : {sign: present.kind === 'absent' ? '+' : '~', text: toText(provider)}],
      notes: isBlind ? [unseen] : [],
      objections:
        isOther && !replace
          ? [`${name}: ${provider} serves all numbers of this tenant. To make it Async for all, say --replace.`]
          : [],
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

function toText(provider: string | undefined): string {
  return `provider ${provider ?? 'none'} -> Async`;
}
