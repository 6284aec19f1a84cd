import {type AsyncDocument, isTold, readAsync, type WantedChannel} from '../setup/async-document.ts';
import type {Present} from '../setup/nexus-admin.ts';
import {readSms} from '../setup/sms-target.ts';
import {ProvisionError} from '../setup/target.ts';
import {type Finding, ok, problem, unknown, warning} from './finding.ts';

const apply = 'Run provision apply.';

/** The service `Async`: our channels with our webhooks and secrets. Pure. */
export function judgeAsync(
  tenant: string,
  present: Present,
  wanted: readonly WantedChannel[],
  publicUrl: string,
): Finding[] {
  if (present.kind === 'hidden') {
    const message = `${tenant} does not show the service Async (only POST is public): the signed calls tell whether it fits.`;
    return [unknown('async_hidden', message)];
  }
  if (present.kind === 'absent')
    return [problem('async_missing', `${tenant} has no service Async, or ccid is another's. ${apply}`)];
  const read = readAsync(present.document);
  if (read === undefined) {
    return [
      unknown(
        'async_unreadable',
        `${tenant} shows the service Async in a form that is not known here: compare it by hand.`,
      ),
    ];
  }
  const findings = [
    ...wanted.flatMap(channel => judgeChannel(tenant, read, channel)),
    ...judgeOthers(tenant, read, wanted, publicUrl),
  ];
  if (findings.length > 0) return findings;
  return [ok('async', `${tenant}: the service Async is as the file wants it (channels: ${wanted.length}).`)];
}

function judgeChannel(tenant: string, {data, secret}: AsyncDocument, wanted: WantedChannel): Finding[] {
  const {channelId, url} = wanted;
  const [found, ...more] = data.channels.filter(channel => channel.channelId === channelId);
  if (found === undefined) {
    const padded = data.channels.find(channel => isSameNumber(channel.channelId, channelId));
    if (padded !== undefined) {
      const message = `${tenant}: the service Async has the channel as ${padded.channelId}, the file as ${channelId}: they must be the same. Take it out there (provision apply --drop ${padded.channelId}).`;
      return [problem('async_channel_form', message)];
    }
    return [problem('async_channel_missing', `${tenant}: the service Async has no channel ${channelId}. ${apply}`)];
  }
  if (more.length > 0) {
    return [
      problem(
        'async_channel_twice',
        `${tenant}: the service Async has channel ${channelId} twice: take one out. ${apply}`,
      ),
    ];
  }
  if (found.webhook?.url !== url) {
    const message = `${tenant}: channel ${channelId} calls ${found.webhook?.url ?? 'nothing'}, not ${url}. ${apply}`;
    return [problem('async_webhook', message)];
  }
  const told = secret.channels.find(channel => channel.channelId === channelId);
  if (!isTold(told)) {
    const message = `${tenant} does not show the secrets of channel ${channelId}: a text from an agent shows whether webhookSecret fits.`;
    return [unknown('async_secrets_hidden', message)];
  }
  return judgeSecrets(tenant, told, wanted);
}

/** Written otherwise: with a plus or blanks. What holds letters is a name, and another. */
function isSameNumber(one: string, other: string): boolean {
  const isNumber = /^[+\d\s().-]*\d[+\d\s().-]*$/;
  return isNumber.test(one) && isNumber.test(other) && one.replace(/\D/g, '') === other.replace(/\D/g, '');
}

type Told = AsyncDocument['secret']['channels'][number] | undefined;

function judgeSecrets(tenant: string, told: Told, {channelId, webhookSecret, apiSecret}: WantedChannel): Finding[] {
  const mend = `Run provision apply, and reload the gateway (SIGHUP or POST /api/reload) if the file is newer than what it serves.`;
  const findings: Finding[] = [];
  if (told?.webhook?.secret !== webhookSecret) {
    const message = `${tenant}: channel ${channelId} signs its webhooks with another secret than the file's webhookSecret. ${mend}`;
    findings.push(problem('async_webhook_secret', message));
  }
  if (told?.api?.secret !== apiSecret) {
    const message = `${tenant}: channel ${channelId} expects another secret than the file's apiSecret. ${mend}`;
    findings.push(problem('async_api_secret', message));
  }
  return findings;
}

/** Channels of others that call this gateway and are not in the file. */
function judgeOthers(
  tenant: string,
  {data}: AsyncDocument,
  wanted: readonly WantedChannel[],
  publicUrl: string,
): Finding[] {
  const ours = wanted.map(({channelId}) => channelId);
  const strays = data.channels.filter(
    ({channelId, webhook}) => !ours.includes(channelId) && webhook?.url?.startsWith(`${publicUrl}/`),
  );
  return strays.map(({channelId}) => {
    if (/^[\w-]+(\.[\w-]+)+$/.test(channelId) && /[a-z]/i.test(channelId)) {
      const message = `${tenant}: the e-mail domain ${channelId} calls this gateway, which takes no e-mail: give it a webhook of its own.`;
      return warning('async_email', message);
    }
    const message = `${tenant}: channel ${channelId} calls this gateway and is not in the file: its texts are answered 404. Add it, or provision apply --drop ${channelId}.`;
    return warning('async_stray', message);
  });
}

/** The service `SMS`: which provider the tenant's texts go by. Pure. */
export function judgeSms(tenant: string, present: Present): Finding[] {
  if (present.kind === 'hidden')
    return [unknown('sms_hidden', `${tenant} does not show the service SMS: a text from an agent tells.`)];
  if (present.kind === 'absent')
    return [problem('sms_missing', `${tenant} has no service SMS: without it no text leaves. ${apply}`)];
  const read = readSms(present.document);
  if (read === undefined) {
    const message = `${tenant} shows the service SMS in a form that is not known here: compare it by hand.`;
    return [unknown('sms_unreadable', message)];
  }
  const {provider, tokenProvider} = read;
  if (provider === 'Async') return [ok('sms', `${tenant}: the service SMS names Async.`)];
  const whose = provider ?? (tokenProvider === undefined ? 'none, and so Portico' : `Portico (by ${tokenProvider})`);
  const message = `${tenant}: the service SMS names ${whose}, not Async: texts do not come here. Run provision apply --replace once no other number needs it.`;
  return [problem('sms_provider', message)];
}

const troubleCodes = {
  'held back': 'services_refused',
  config: 'services_refused',
  refused: 'services_refused',
  forbidden: 'services_api_key',
  unavailable: 'services_unavailable',
} as const;

/** What kept us from reading them. */
export function toTrouble(error: unknown): Finding {
  if (!(error instanceof ProvisionError)) throw error;
  return problem(troubleCodes[error.trouble], error.message);
}
