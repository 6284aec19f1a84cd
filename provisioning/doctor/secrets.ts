import type {Config} from '../../src/config.ts';
import {type Finding, ok, problem, warning} from './finding.ts';

/** Genesys asks for more than 15 characters where it says anything. */
const shortest = 16;
const fewestCharacters = 6;
const placeholders = /change.?me|example|placeholder|password|your.?secret|x{4,}|123456/i;

const mendChannel = 'Take a new one (provision secrets), then provision apply.';
const mendToken = 'Take a new one (provision secrets), and give it to those who use it.';

interface Secret {
  name: string;
  value: string;
  mend: string;
}

type Judged = Pick<Config, 'channels' | 'management'>;

/** Every secret of channels and callers of the API, with what people call it. */
export function listSecrets({channels, management}: Judged): Secret[] {
  return [
    ...channels.flatMap(({id, webhookSecrets, apiSecrets}) => [
      ...webhookSecrets.map(value => ({name: `webhookSecret of channel ${id}`, value, mend: mendChannel})),
      ...apiSecrets.map(value => ({name: `apiSecret of channel ${id}`, value, mend: mendChannel})),
    ]),
    ...management.tokens.map(({name, token}) => ({name: `token of ${name}`, value: token, mend: mendToken})),
  ];
}

/** Whether somebody could guess them, or one that leaks opens more than its own door. Pure; tells names, never values. */
export function judgeSecrets(config: Judged): Finding[] {
  const secrets = listSecrets(config);
  const weak = secrets.flatMap(judgeStrength);
  const shared = judgeSharing(config);
  if (weak.length + shared.length > 0) return [...weak, ...shared];
  return [ok('secrets', `All ${secrets.length} secrets are there and strong.`)];
}

function judgeStrength({name, value, mend}: Secret): Finding[] {
  if (value.length < shortest) {
    return [problem('secret_short', `The ${name} has ${value.length} characters, fewer than ${shortest}. ${mend}`)];
  }
  if (new Set(value).size < fewestCharacters || placeholders.test(value)) {
    return [problem('secret_guessable', `The ${name} can be guessed. ${mend}`)];
  }
  return [];
}

function judgeSharing({channels}: Judged): Finding[] {
  const twice = channels.filter(({webhookSecrets, apiSecrets}) => webhookSecrets.some(one => apiSecrets.includes(one)));
  const findings = twice.map(({id}) =>
    warning(
      'secret_both_ways',
      `Channel ${id} has one secret for both directions: who may check webhooks could post to Nexus. Take two.`,
    ),
  );
  const owners = Map.groupBy(
    channels.flatMap(({id, webhookSecrets}) => webhookSecrets.map(secret => ({id, secret}))),
    ({secret}) => secret,
  );
  const reused = [...owners.values()].filter(own => own.length > 1).map(own => own.map(({id}) => id).join(', '));
  return [
    ...findings,
    ...reused.map(ids =>
      warning(
        'secret_reused',
        `The channels ${ids} share a webhookSecret: one that leaks opens all. Take one for each.`,
      ),
    ),
  ];
}
