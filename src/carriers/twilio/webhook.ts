import Router from '@koa/router';
import type {Context} from 'koa';
import type {Pair} from '../../core/form.ts';
import {Refusal} from '../../core/refusal.ts';
import type {CarrierContext} from '../carrier.ts';
import type {Barred} from './barred.ts';
import type {ErrorOverrides} from './errors.ts';
import type {TwilioOptions} from './options.ts';
import {toOwned} from './pool.ts';
import {toSenderTrouble} from './sender-trouble.ts';
import {isSignedByTwilio, readForm} from './signature.ts';
import {toReceipt} from './status.ts';
import {toInbound} from './wire.ts';

export interface WebhookOptions {
  context: CarrierContext;
  publicUrl: string;
  accountSid: string;
  authTokens: readonly string[];
  errors: ErrorOverrides;
  resend: TwilioOptions['resend'];
  barred: Pick<Barred, 'tell'>;
}

/** TwiML that answers nothing: any other content type is Twilio's error 12300. */
const emptyTwiml = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

const warnEveryMs = 10_000;

/** The routes Twilio calls. It is answered only when the event is on disk: it tries an inbound webhook once. */
export function createWebhook(options: WebhookOptions): Router {
  const {events, now, log} = options.context;
  const router = new Router();
  let forgeries = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;

  async function inbound(ctx: Context) {
    const {form} = verify(ctx, options);
    const event = toInbound(form, now());
    if (event === undefined) throw notOurs('an incoming message (MessageSid, From and To)');
    const serviceSid = new Map(form).get('MessagingServiceSid');
    await events.inbound(toOwned(event, serviceSid, options.context.entries?.() ?? []));
    ctx.status = 200;
    ctx.type = 'text/xml';
    ctx.body = emptyTwiml;
  }

  async function status(ctx: Context) {
    const {form, query} = verify(ctx, options);
    const own = query.filter(([name]) => name === 'mid' || name === 'attempt');
    const receipt = toReceipt([...form, ...own], now(), options.errors, options.resend);
    if (receipt === undefined || isFromPhone(form, own))
      throw notOurs('a status callback (MessageSid and MessageStatus)');
    const result = receipt === 'ignored' ? receipt : await events.receipt(receipt);
    if (result === 'matched' || result === 'parked') await tellTrouble(new Map([...form, ...own]));
    ctx.status = 204;
  }

  async function tellTrouble(form: ReadonlyMap<string, string>): Promise<void> {
    options.barred.tell(Number(form.get('ErrorCode') ?? ''), form.get('mid'));
    const trouble = toSenderTrouble(form, options.errors, now());
    if (trouble === undefined) return;
    const [carrier, from, twilioCode] = [options.context.name, form.get('From'), form.get('ErrorCode')];
    log.error(`twilio.sender_${trouble.scope === 'queue' ? 'refused' : 'throttled'}`, {carrier, from, twilioCode});
    await events.troubled(trouble);
  }

  for (const [path, handler] of Object.entries({'/inbound': inbound, '/status': status})) {
    router.post(path, handler);
    router.get(path, handler);
  }
  return router;

  /** Once in a while: anybody can send forgeries as fast as they like. */
  function warnOfForgery(path: string) {
    forgeries += 1;
    if (now() - warnedAt < warnEveryMs) return;
    log.warn('twilio.bad_signature', {carrier: options.context.name, path, times: forgeries});
    warnedAt = now();
    forgeries = 0;
  }

  function verify(ctx: Context, {authTokens, accountSid}: WebhookOptions): {form: Pair[]; query: Pair[]} {
    const target = toTarget(ctx.originalUrl);
    const url = options.publicUrl + target;
    const body = ctx.method === 'POST' ? toBuffer(ctx.state.raw) : Buffer.alloc(0);
    if (!isSignedByTwilio({url, body, signature: ctx.get('x-twilio-signature')}, authTokens)) {
      warnOfForgery(ctx.path);
      throw new Refusal(
        403,
        'bad_signature',
        'X-Twilio-Signature does not fit: publicUrl must be the address Twilio calls, and authTokens hold the primary Auth Token of its account.',
      );
    }
    const query = readForm(Buffer.from(target.includes('?') ? target.slice(target.indexOf('?') + 1) : ''));
    const form = ctx.method === 'POST' ? readForm(body) : query;
    if (form.some(([name, value]) => name === 'AccountSid' && value !== accountSid)) {
      throw new Refusal(
        403,
        'wrong_account',
        'AccountSid is not the account of this carrier: point the webhook at the carrier of that account.',
      );
    }
    return {form, query};
  }
}

/** A text from a phone says what became of it, too: an answer of 204 would lose it. */
function isFromPhone(form: readonly Pair[], own: readonly Pair[]): boolean {
  return own.length === 0 && form.some(([name, value]) => name === 'SmsStatus' && /^receiv(ed|ing)$/.test(value));
}

/** Path and query as they came over the wire, also when a proxy asks with a whole URL. */
function toTarget(url: string): string {
  return url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '');
}

function toBuffer(raw: unknown): Buffer {
  return Buffer.isBuffer(raw) ? raw : Buffer.alloc(0);
}

function notOurs(what: string): Refusal {
  return new Refusal(400, 'not_a_message', `The form is not ${what}: check which address Twilio calls for what.`);
}
