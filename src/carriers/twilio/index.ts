import type {Outcome} from '../../core/outcome.ts';
import {type Carrier, type CarrierContext, defineCarrier} from '../carrier.ts';
import {createAccount} from './account.ts';
import {toApiUrl, toFileUrl} from './api-url.ts';
import {createBarred} from './barred.ts';
import {connectTwilio} from './client.ts';
import {createLookUp} from './look-up.ts';
import {createMediaFetch} from './media/fetch.ts';
import {entry, options, type TwilioOptions} from './options.ts';
import {createExamination} from './provisioning/examine.ts';
import {createNumberAccount} from './provisioning/number-account.ts';
import {createRecovery} from './recovery.ts';
import {createSeen} from './seen.ts';
import {createSender} from './sender.ts';
import {toSenderPace} from './sender-pace.ts';
import {createWebhook} from './webhook.ts';

/** Twilio Programmable Messaging: one `Messages.create` for each text (for each 1,600 characters of it). */
export const twilio = defineCarrier<TwilioOptions>({
  type: 'twilio',
  options,
  entry,
  needsPublicUrl: true,
  asksBack: ({recovery: {enabled, lookBack}}) =>
    enabled ? {ms: lookBack, setting: ['recovery', 'lookBack']} : undefined,
  create,
  numbers: createNumberAccount,
  examine: createExamination,
});

function create(settings: TwilioOptions, context: CarrierContext): Carrier {
  const {name} = context;
  const publicUrl = toPublicUrl(context);
  const {client, credentials, secrets, close} = connectTwilio(settings);
  const account = createAccount(settings.concurrency, context);
  const toMediaLink = context.toMediaLink ?? (media => media.url);
  const statusUrl = `${publicUrl}/twilio/${name}/status`;
  const sender = createSender({client, settings, statusUrl, toMediaLink, now: context.now});
  const barred = createBarred(context, settings.errors);
  const seen = createSeen(context.events);
  const watched = {...context, events: seen.events};
  const {recovery: recoverySettings} = settings;
  const apiUrl = toApiUrl('https://api.twilio.com', {}, settings).href.replace(/\/$/, '');
  const recovery = createRecovery({client, settings: recoverySettings, apiUrl, context: watched, seen});

  const media = createMediaFetch({
    ...settings,
    username: credentials.sid,
    passwords: secrets,
    maxBytes: settings.media.maxBytes,
    timeoutMs: settings.media.timeout,
  });

  return {
    name,
    messagesPerSecond: settings.messagesPerSecond,
    async start() {
      recovery.start();
    },
    async stop() {
      const recovered = recovery.stop();
      await account.stop();
      // Creates have their outcome; whoever only reads is cut off, but for files: a text that waited long enough would go without them.
      close();
      await Promise.all([media.close(), recovered]);
    },
    window: account.window,
    plan: sender.plan,
    lookUp: createLookUp({client, settings, context, isStopped: () => account.window() === 0}),
    ...(recoverySettings.enabled && {lookUpAfterMs: recoverySettings.sendsAfter}),
    senderPace: toSenderPace,
    loadMedia: ({media: file, maxBytes}) =>
      media.load({media: {...file, url: toFileUrl(file.url, settings)}, maxBytes}),
    async send(submission) {
      const outcome = account.window() === 0 ? stopping : await account.run(() => sender.send(submission));
      barred.tellOutcome(outcome, submission.outbound.messageId);
      return outcome;
    },
    router: createWebhook({context: watched, publicUrl, ...settings, barred}),
    status: account.status,
  };
}

const stopping: Outcome = {
  kind: 'unavailable',
  scope: 'throttled',
  reason: {code: 'ServerError', message: 'The gateway is stopping'},
};

/** Signatures are over the address Twilio calls, so it must be told; Twilio refuses callbacks to a host with an underscore. */
function toPublicUrl({name, publicUrl}: CarrierContext): string {
  if (publicUrl === undefined) {
    throw new Error(`Carrier ${name}: set publicUrl to the https address under which Twilio reaches this gateway.`);
  }
  if (URL.parse(publicUrl)?.hostname.includes('_') !== false) {
    throw new Error(
      `Carrier ${name}: publicUrl must be a URL whose host has no underscore, or Twilio will not call it.`,
    );
  }
  return publicUrl.replace(/[#?].*$/, '').replace(/\/+$/, '');
}
