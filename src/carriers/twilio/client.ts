import twilioLibrary from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import {ApiFault} from './api-fault.ts';
import {createHttpClient, type HttpClient} from './http-client.ts';
import type {TwilioOptions} from './options.ts';

type Call = Parameters<HttpClient['request']>[0];

export interface TwilioConnection {
  client: twilioLibrary.Twilio;
  /** Who calls: an API key, a parent account, or the account itself. */
  credentials: {sid: string; secret: string};
  /** With which it may call, the one that was taken last first. */
  secrets(): string[];
  close(): void;
}

/** The official library over our connections: it shapes requests and answers, and reads nothing of the environment that matters. */
export function connectTwilio(settings: TwilioOptions): TwilioConnection {
  const http = createHttpClient({
    ...settings,
    connectTimeoutMs: settings.connectTimeout,
    responseTimeoutMs: settings.responseTimeout,
  });
  const {accountSid, authTokens} = settings;
  let current = authTokens[0] ?? '';
  const listTokens = () => [...new Set([current, ...authTokens])];
  const own = {
    sid: accountSid,
    get secret() {
      return current;
    },
  };
  const credentials = settings.credentials ?? own;
  const isParent = credentials.sid.startsWith('AC') && credentials.sid !== accountSid;

  /** A token that is promoted at Twilio ends the one before it at once: the next that is taken is used from then on. A 401 was never processed. */
  async function asAccount(call: Call): ReturnType<HttpClient['request']> {
    let refusal: unknown;
    for (const password of listTokens()) {
      try {
        const answer = await http.request({...call, username: accountSid, password});
        current = password;
        return answer;
      } catch (fault) {
        if (!(fault instanceof ApiFault) || fault.status !== 401) throw fault;
        refusal = fault;
      }
    }
    throw refusal;
  }

  // A parent acts for its subaccount at the API alone: any other product would tell of the parent's own numbers.
  const request = (call: Call) =>
    credentials === own || (isParent && !isOfApi(call.uri)) ? asAccount(call) : http.request(call);
  // The library calls nothing of its client but `request`; its type asks for the whole class.
  const httpClient = {request} as unknown as RequestClient;
  const client = twilioLibrary(credentials.sid, credentials.secret, {accountSid, httpClient});
  const secrets = () => (credentials === own ? listTokens() : [credentials.secret]);
  return {client, credentials, secrets, close: http.close};
}

function isOfApi(uri: string): boolean {
  return URL.parse(uri)?.hostname.split('.')[0] === 'api';
}
