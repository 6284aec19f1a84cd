import type {Config} from '../../src/config.ts';
import {type Finding, ok, problem, unknown, warning} from './finding.ts';
import type {Running} from './management.ts';

/** Whether the gateway runs, with this file, and nothing in it stands still. Pure. */
export function judgeGateway(
  url: string,
  running: Running,
  config: Pick<Config, 'carriers' | 'management'>,
): Finding[] {
  if (running.kind === 'down') {
    const message = `No gateway answers at ${url} (${running.code}): start it, or say with --url where its management port is.`;
    return [problem('gateway_down', message)];
  }
  if (running.kind === 'other') {
    const message = `What answers at ${url} is no management port of this gateway: another program has the port. Say --url.`;
    return [problem('gateway_other', message)];
  }
  const {health, detail} = running;
  const findings = [
    ...(health.status === 'ready' ? [] : [toNotReady(health.checks)]),
    ...judgeCarriers(health.carriers, config),
    ...judgeDetail(detail, config),
  ];
  return findings.some(({level}) => level !== 'unknown')
    ? findings
    : [ok('gateway', `The gateway at ${url} is ready, and nothing stands still.`), ...findings];
}

export function isServing(running: Running, carrier: string): boolean {
  return running.kind === 'up' && running.health.carriers.some(({name, usable}) => name === carrier && usable);
}

type Up = Extract<Running, {kind: 'up'}>;

function toNotReady(checks: Up['health']['checks']): Finding {
  if (checks.stopping === 'yes') return warning('gateway_stopping', 'The gateway is stopping: start it again.');
  if (checks.starting === 'yes') return warning('gateway_starting', 'The gateway is starting: ask again in a moment.');
  const message = `The gateway is not ready, its store says: ${checks.store ?? 'nothing'}. Webhooks are answered 503 until it writes.`;
  return problem('gateway_not_ready', message);
}

function judgeCarriers(running: Up['health']['carriers'], {carriers}: Pick<Config, 'carriers'>): Finding[] {
  const names = running.map(({name}) => name);
  const isOther = names.length !== carriers.size || names.some(name => !carriers.has(name));
  const down = running.filter(({usable}) => !usable);
  return [
    ...(isOther
      ? [
          problem(
            'gateway_other_file',
            'The running gateway has other carriers than the file: reload it (SIGHUP or POST /api/reload) to take the file over.',
          ),
        ]
      : []),
    ...down.map(({name, state}) =>
      problem('carrier_down', `Carrier ${name} can't send now (${state}): its own lines below say why; texts wait.`),
    ),
  ];
}

function judgeDetail(detail: Up['detail'], {management}: Pick<Config, 'management'>): Finding[] {
  if (detail.kind === 'refused') {
    const message =
      'The running gateway refuses the token of the file: it has read another; reload it by SIGHUP, or restart it.';
    return [problem('gateway_token', message)];
  }
  if (detail.kind === 'untold') {
    const why = management.tokens.length === 0 ? 'the file has no management.tokens' : 'the gateway did not tell';
    return [unknown('gateway_unread', `Whether queues stand still can't be seen (${why}): give a token.`)];
  }
  return detail.told.gates.map(({kind, filter, reason}) => {
    const what = Object.entries(filter)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ');
    if (kind === 'paused') {
      return warning('paused', `Paused by hand: ${what || 'everything'}. To go on: ${toResume(filter)}.`);
    }
    if (kind === 'draining') {
      const fate =
        filter.carrier === undefined ? 'webhooks for it are answered 503' : 'nothing more goes by this carrier';
      const message = `Drained by hand: ${what || 'everything'}: ${fate} until somebody takes that back. To go on: ${toResume(filter)}.`;
      return warning('draining', message);
    }
    const message = `A queue is parked (${what}): ${reason ?? 'its far side refuses us'}. Mend that; it is tried every 30 s and goes on by itself.`;
    return problem('parked', message);
  });
}

/** A pause or a drain is taken back by the filter it was begun with. */
function toResume(filter: Readonly<Record<string, string>>): string {
  const options = Object.entries(filter).flatMap(([key, value]) =>
    key === 'kind' && value === 'outbound'
      ? []
      : [` --${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)} ${value}`],
  );
  return `nexus-async-gateway resume${options.join('')}`;
}
