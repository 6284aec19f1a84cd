import {createHmac} from 'node:crypto';
import {request} from 'undici';
import {parse, toCode} from './management.ts';
import type {Manner} from './manner.ts';

/** A call of the gateway's webhook as Nexus makes it. */
export interface WebhookCall {
  /** `https://sms-gateway.example.com/nexus/webhook/acme/16504661149` */
  url: string;
  secret: string;
  manner: Manner;
  /** An event that is answered and never stored, unless another body is given. */
  body?: string;
}

export type WebhookAnswer =
  | {kind: 'none'; code: string}
  | {kind: 'answer'; status: number; messageId: string | undefined; refusal: string | undefined};

const timeoutMs = 10_000;
/** The sibling "Interactions" webhook, an event to the gateway; its blanks are lost where a proxy writes bodies anew. */
const event = ` {"data": {"entities": [ ]} } `;

/** Never rejects. */
export async function callWebhook({url, secret, manner, body = event}: WebhookCall): Promise<WebhookAnswer> {
  const signature = `sha1=${createHmac('sha1', secret).update(body).digest(manner.encoding)}`;
  try {
    const response = await request(url, {
      method: 'POST',
      headers: {...manner.headers, 'content-type': 'application/json', 'x-hub-signature': signature},
      body,
      // Each call finds its way anew, as others' calls do.
      reset: true,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = parse(await response.body.text());
    return {
      kind: 'answer',
      status: response.statusCode,
      messageId: textAt(answer, 'messageId'),
      refusal:
        textAt(memberOf(answer, 'error'), 'code') ?? statusCodes[Number(memberOf(memberOf(answer, 'status'), 'code'))],
    };
  } catch (error) {
    return {kind: 'none', code: toCode(error)};
  }
}

/** What the gateway means where it refuses in Nexus' form, which has no word for it. */
const statusCodes: Readonly<Record<number, string>> = {
  401: 'signature_refused',
  404: 'unknown_channel',
  503: 'not_stored',
};

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function textAt(value: unknown, name: string): string | undefined {
  const found = memberOf(value, name);
  return typeof found === 'string' ? found : undefined;
}
