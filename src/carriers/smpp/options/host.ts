import {z} from 'zod';
import type {Mistake} from './mistake.ts';

export const host = z.union([
  z.string().min(1),
  z.strictObject({
    host: z.string().min(1).describe('Host name or address'),
    port: z.int().min(1).max(65_535).optional().describe('Its port, where it is another than `port`'),
  }),
]);

type Host = z.output<typeof host>;

export function findPortMistakes(options: {host?: Host | undefined; hosts?: Host[] | undefined}): Mistake[] {
  const written = [{path: ['host'], place: options.host}];
  const all = [...written, ...(options.hosts ?? []).map((place, index) => ({path: ['hosts', index], place}))];
  return all
    .filter(({place}) => hasWrongPort(place))
    .map(({path}) => ({path, message: 'has a port beyond 1 to 65535'}));
}

/** An address of IPv6 without brackets has none. */
function hasWrongPort(place: Host | undefined): boolean {
  const port = typeof place === 'string' ? /^(?:[^:]+|\[[^\]]+\]):(\d+)$/.exec(place)?.[1] : undefined;
  return port !== undefined && (Number(port) < 1 || Number(port) > 65_535);
}
