import twilioLibrary from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import {createHttpClient, type HttpClient} from './http-client.ts';
import type {TwilioOptions} from './options.ts';

export interface TwilioConnection {
  client: twilioLibrary.Twilio;
  /** Who calls: an API key, a parent account, or the account itself. */
  credentials: {sid: string; secret: string};
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
  const credentials = settings.credentials ?? {sid: accountSid, secret: authTokens[0] ?? ''};
  const isParent = credentials.sid.startsWith('AC') && credentials.sid !== accountSid;
  const own = {username: accountSid, password: authTokens[0] ?? ''};
  // A parent acts for its subaccount at the API alone: any other product would tell of the parent's own numbers.
  const request: HttpClient['request'] = call =>
    http.request(isParent && !isOfApi(call.uri) ? {...call, ...own} : call);
  // The library calls nothing of its client but `request`; its type asks for the whole class.
  const httpClient = {request} as unknown as RequestClient;
  const client = twilioLibrary(credentials.sid, credentials.secret, {accountSid, httpClient});
  return {client, credentials, close: http.close};
}

function isOfApi(uri: string): boolean {
  return URL.parse(uri)?.hostname.split('.')[0] === 'api';
}
