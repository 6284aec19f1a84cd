import {formatRounds, progress, toRatios} from './report.ts';

/** One of those that are measured beside each other. */
export interface Rival {
  name: string;
  /** Does its `count` units of work to the end; throws when one was lost or doubled. */
  run(round: number): Promise<void>;
  cpuUs(): number;
  /** Of that the event loop's thread. */
  loopUs?(): number;
  residentBytes?(): number;
}

export interface Round {
  /** Units of work a second. */
  rate: number;
  cpuUs: number;
  loopUs: number | undefined;
  residentBytes: number | undefined;
}

export type Rounds = Record<string, Round[]>;

/** Rounds that warm up and are not counted: so long V8 goes on compiling what has become hot, which a process that runs for weeks does not feel. */
export const warmUps = 3;

/**
 * @param round from 0
 * @param first so many of them warm up
 */
export function tellRound(round: number, rounds: number, first = warmUps): string {
  return round < first ? `warming up, ${round + 1} of ${first}` : `round ${round - first + 1} of ${rounds}`;
}

/** All of them in turn, round after round, so that each meets the machine in the same mood. */
export async function interleave(rivals: readonly Rival[], count: number, rounds: number): Promise<Rounds> {
  const results: Rounds = Object.fromEntries(rivals.map(({name}) => [name, []]));
  for (let round = 0; round < warmUps + rounds; round += 1)
    for (const rival of rivals) {
      progress(`${tellRound(round, rounds)}: ${rival.name}`);
      const [cpu, loop, from] = [rival.cpuUs(), rival.loopUs?.(), performance.now()];
      await rival.run(round);
      const rate = (count / (performance.now() - from)) * 1000;
      const cpuUs = (rival.cpuUs() - cpu) / count;
      const loopUs = loop === undefined ? undefined : ((rival.loopUs?.() ?? 0) - loop) / count;
      if (round >= warmUps) results[rival.name]?.push({rate, cpuUs, loopUs, residentBytes: rival.residentBytes?.()});
    }
  progress('');
  return results;
}

/** A row for each rival, then one for each pair of names: the first's rate by the second's. */
export function toRows(results: Rounds, pairs: ReadonlyArray<readonly [string, string]>): string[][] {
  const rates = (name: string) => (results[name] ?? []).map(({rate}) => rate);
  return [
    ['', 'messages/s', 'CPU µs a message', 'of it event loop', 'resident MiB'],
    ...Object.entries(results).map(([name, rounds]) => [
      name,
      formatRounds(rounds.map(({rate}) => rate)),
      formatRounds(rounds.map(({cpuUs}) => cpuUs)),
      formatRounds(rounds.flatMap(({loopUs}) => loopUs ?? [])),
      formatRounds(rounds.flatMap(({residentBytes}) => (residentBytes === undefined ? [] : residentBytes / 2 ** 20))),
    ]),
    ...pairs
      .filter(([name, to]) => name in results && to in results)
      .map(([name, to]) => [`${name} / ${to}`, formatRounds(toRatios(rates(name), rates(to)), 3), '', '', '']),
  ];
}

/** The ratios of those pairs, for the JSON. */
export function toRatioResults(results: Rounds, pairs: ReadonlyArray<readonly [string, string]>) {
  const rates = (name: string) => (results[name] ?? []).map(({rate}) => rate);
  return Object.fromEntries(
    pairs
      .filter(([name, to]) => name in results && to in results)
      .map(([name, to]) => [`${name} / ${to}`, toRatios(rates(name), rates(to))]),
  );
}
