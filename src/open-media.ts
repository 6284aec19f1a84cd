import type {Carrier} from './carriers/carrier.ts';
import type {Channel} from './core/channel.ts';
import type {HeldPart} from './core/event.ts';
import {createMediaService, type MediaService} from './media/index.ts';
import type {Platform} from './platforms/platform.ts';
import type {Store} from './store/store.ts';

export interface OpenMediaOptions {
  publicUrl: string | undefined;
  channels(): readonly Channel[];
  platforms(): ReadonlyMap<string, Platform>;
  store: Pick<Store, 'get' | 'sent'>;
  now(): number;
}

/** Files of texts, where there is an address under which they can be fetched. */
export function openMedia({publicUrl, channels, platforms, store, now}: OpenMediaOptions): MediaService | undefined {
  if (publicUrl === undefined) return undefined;
  return createMediaService({
    publicUrl,
    channels,
    async find(messageId) {
      const record = await store.get(messageId, true);
      if (record?.direction !== 'outbound') return undefined;
      return {...record, headers: (await store.sent(messageId))?.outbound.headers};
    },
    async load(platform, wanted) {
      const loaded = platforms().get(platform)?.loadMedia?.(wanted);
      return loaded ?? {kind: 'refused', why: `platform ${platform} gives no files`};
    },
    now,
  });
}

/** Of a carrier that left the configuration nobody can read the parts any more: their bytes are shown instead, none is lost. */
export function joinParts(carrier: Carrier | undefined, parts: readonly HeldPart[]): {text: string; missing: number} {
  const asBytes = {text: parts.map(({body}) => body).join(' '), missing: (parts[0]?.total ?? 0) - parts.length};
  return carrier?.join?.(parts) ?? asBytes;
}
