import {setTimeout as sleep} from 'node:timers/promises';
import twilioLibrary from 'twilio';
import {Agent, request} from 'undici';
import type {Behaviour} from './faults.ts';
import type {PretendMessage} from './message.ts';

export interface WebhookAnswer {
  /** 0 when no answer came. */
  status: number;
  body: string;
}

export interface WebhooksOptions {
  accountSid: string;
  /** The primary token, asked for each time: it may be rotated. */
  authToken(): string;
  statusDelayMs: number;
  onAnswer(event: {message: PretendMessage; status: string; answer: WebhookAnswer}): void;
}

const answerTimeoutMs = 15_000;
const mostConnections = 50;

/** Twilio's calls to us: forms, signed over the URL without its fragment and the sorted form. */
export function createWebhooks(options: WebhooksOptions) {
  const playing = new Set<Promise<void>>();
  const stopping = new AbortController();
  const dispatcher = new Agent({
    connections: mostConnections,
    connect: {timeout: 5000},
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  });

  async function post(url: string, form: Record<string, string>): Promise<WebhookAnswer> {
    const [address = '', overrides = ''] = url.split('#');
    const {rc, rp} = Object.fromEntries(new URLSearchParams(overrides));
    let answer = await once(address, form);
    for (let again = Number(rc ?? 1); again > 0 && isWorthAgain(answer.status, rp ?? 'ct'); again -= 1) {
      await sleep(options.statusDelayMs + 10, undefined, {signal: stopping.signal});
      answer = await once(address, form);
    }
    return answer;
  }

  async function once(url: string, form: Record<string, string>): Promise<WebhookAnswer> {
    const signature = twilioLibrary.getExpectedTwilioSignature(options.authToken(), url, form);
    try {
      const {statusCode, body} = await request(url, {
        dispatcher,
        method: 'POST',
        headers: {'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8'},
        body: new URLSearchParams(form).toString(),
      });
      return {status: statusCode, body: await body.text()};
    } catch {
      return {status: 0, body: ''};
    }
  }

  async function tell(message: PretendMessage, status: string, errorCode: number | undefined) {
    if (message.StatusCallback === undefined) return;
    const answer = await post(message.StatusCallback, toStatusForm(message, options.accountSid, status, errorCode));
    options.onAnswer({message, status, answer});
  }

  /** The life of one message after its 201 (with `early` it begins before). */
  async function live(message: PretendMessage, behaviour: Behaviour) {
    for (const [status, told] of toScript(behaviour)) {
      if (behaviour.callbacks !== 'early') await sleep(options.statusDelayMs, undefined, {signal: stopping.signal});
      const errorCode = status === behaviour.finalStatus ? behaviour.errorCode : undefined;
      if (behaviour.callbacks !== 'reversed' || status === behaviour.finalStatus) message.status = status;
      if (errorCode !== undefined) message.errorCode = errorCode;
      for (let times = 0; times < told; times += 1) await tell(message, status, errorCode);
    }
  }

  return {
    post,
    play(message: PretendMessage, behaviour: Behaviour): Promise<void> {
      const life = live(message, behaviour).catch(() => {});
      playing.add(life);
      void life.then(() => playing.delete(life));
      return life;
    },
    async stop() {
      stopping.abort();
      await dispatcher.destroy();
      await Promise.allSettled(playing);
    },
  };
}

function isWorthAgain(status: number, policy: string): boolean {
  if (status === 0) return true;
  return status >= 500 && /5xx|all/.test(policy);
}

/** Each status with how often it is told. */
function toScript({callbacks, finalStatus}: Behaviour): Array<[string, number]> {
  const ladder = [
    'sending',
    ...(finalStatus === 'failed' ? [] : ['sent']),
    ...(finalStatus === 'sent' ? [] : [finalStatus]),
  ];
  const times = callbacks === 'none' ? 0 : callbacks === 'doubled' ? 2 : 1;
  const script = ladder.map((status): [string, number] => {
    return [status, callbacks === 'dropped' && status !== finalStatus ? 0 : times];
  });
  return callbacks === 'reversed' ? script.reverse() : script;
}

function toStatusForm(
  message: PretendMessage,
  accountSid: string,
  status: string,
  errorCode: number | undefined,
): Record<string, string> {
  return {
    MessageSid: message.sid,
    SmsSid: message.sid,
    MessageStatus: status,
    SmsStatus: status,
    AccountSid: accountSid,
    To: message.To,
    From: message.From ?? '+15005550006',
    ApiVersion: '2010-04-01',
    ...(message.MessagingServiceSid === undefined ? {} : {MessagingServiceSid: message.MessagingServiceSid}),
    ...(errorCode === undefined ? {} : {ErrorCode: String(errorCode)}),
    ...(status === 'delivered' || status === 'undelivered' ? {RawDlrDoneDate: '2611202305'} : {}),
  };
}
