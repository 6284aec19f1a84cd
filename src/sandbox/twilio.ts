import http from 'node:http';
import type {AddressInfo} from 'node:net';
import {sendAnswer} from './twilio/answer.ts';
import {createApi, readRequest} from './twilio/api.ts';
import {type Behaviour, type CreateFault, goodBehaviour} from './twilio/faults.ts';
import {type PhoneText, toInboundForm, toInboundMessage} from './twilio/inbound.ts';
import type {PretendMessage} from './twilio/message.ts';
import {createNumbersApi, type PretendNumber, type PretendService} from './twilio/numbers.ts';
import {createWebhooks, type WebhookAnswer} from './twilio/webhooks.ts';

export interface PretendTwilioOptions {
  accountSid: string;
  authToken: string;
  port?: number;
  host?: string;
  /** Between two callbacks of one message. */
  statusDelayMs?: number;
  onEvent?(event: PretendTwilioEvent): void;
}

export type {Behaviour, CreateFault, PhoneText, PretendMessage, PretendNumber, PretendService};

export type PretendTwilioEvent =
  | {event: 'created'; message: PretendMessage}
  | {event: 'called-back'; message: PretendMessage; status: string; answer: WebhookAnswer};

export interface PretendTwilio {
  url: string;
  port: number;
  /** Everything taken or sent by a phone, oldest first. */
  messages: PretendMessage[];
  /** What the account owns; to be filled and changed at will. */
  numbers: PretendNumber[];
  services: PretendService[];
  /** Verification of toll-free numbers (`TWILIO_APPROVED`) by the number's sid. */
  tollFree: Map<string, string>;
  /** A text from a phone, posted signed to the number's webhook as Twilio does; `lost` ones only stand in the list. */
  sendFromPhone(text: PhoneText): Promise<WebhookAnswer & {messageSid: string}>;
  /** For the creates that follow, one each. */
  fail(...faults: CreateFault[]): void;
  /** For the lists that follow, one each; and how many were asked for. */
  failLists(...faults: CreateFault[]): void;
  lists: {asked: number};
  /** For all creates that follow. */
  behave(behaviour: Partial<Behaviour>): void;
  /** The primary token is replaced: signatures change at once, both may call. */
  rotate(authToken: string): void;
  /** This token may call no more, as one that another has been promoted over. */
  revoke(authToken: string): void;
  /** Another pair of credentials that may call, such as an API key. */
  allow(username: string, password: string): void;
  /** A signed post of a form to any address, as Twilio would make it. */
  post(url: string, form: Record<string, string>): Promise<WebhookAnswer>;
  stop(): Promise<void>;
}

/** Twilio's Programmable Messaging from the outside: the API, the life cycle, signed webhooks, and faults on request. */
export async function createPretendTwilio(options: PretendTwilioOptions): Promise<PretendTwilio> {
  const {accountSid, onEvent = () => {}} = options;
  const messages: PretendMessage[] = [];
  const numbers: PretendNumber[] = [];
  const services: PretendService[] = [];
  const tollFree = new Map<string, string>();
  const faults: CreateFault[] = [];
  const listFaults: CreateFault[] = [];
  const lists = {asked: 0};
  const tokens = [options.authToken];
  const pairs: Array<[string, string]> = [[accountSid, options.authToken]];
  let behaviour = goodBehaviour;
  const webhooks = createWebhooks({
    accountSid,
    authToken: () => tokens.at(-1) ?? '',
    statusDelayMs: options.statusDelayMs ?? 50,
    onAnswer: ({message, status, answer}) => onEvent({event: 'called-back', message, status, answer}),
  });
  const api = createApi({
    accountSid,
    mayCall: (username, password) => pairs.some(pair => pair[0] === username && pair[1] === password),
    messages,
    answerNumbers: createNumbersApi({accountSid, numbers, services, tollFree}).answer,
    nextFault: () => faults.shift(),
    nextListFault() {
      lists.asked += 1;
      return listFaults.shift();
    },
  });

  async function serve(incoming: http.IncomingMessage, outgoing: http.ServerResponse) {
    const answer = api.answer(await readRequest(incoming));
    const {taken} = answer;
    if (taken !== undefined) onEvent({event: 'created', message: taken});
    if (taken !== undefined && behaviour.callbacks === 'early') await webhooks.play(taken, behaviour);
    await sendAnswer(outgoing, answer);
    if (taken !== undefined && behaviour.callbacks !== 'early') void webhooks.play(taken, behaviour);
  }

  const server = http.createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>(resolve => server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  const url = `http://${options.host ?? '127.0.0.1'}:${port}`;

  return {
    url,
    port,
    messages,
    numbers,
    services,
    tollFree,
    async sendFromPhone(text) {
      const message = toInboundMessage(text);
      messages.push(message);
      const form = toInboundForm(message, text, accountSid, url);
      const answer = text.lost === true ? {status: 0, body: ''} : await webhooks.post(text.webhookUrl, form);
      return {...answer, messageSid: message.sid};
    },
    fail(...more) {
      faults.push(...more);
    },
    failLists(...more) {
      listFaults.push(...more);
    },
    lists,
    behave(changes) {
      behaviour = {...behaviour, ...changes};
    },
    rotate(authToken) {
      tokens.push(authToken);
      pairs.push([accountSid, authToken]);
    },
    revoke(authToken) {
      pairs.splice(0, pairs.length, ...pairs.filter(([, password]) => password !== authToken));
    },
    allow(username, password) {
      pairs.push([username, password]);
    },
    post: webhooks.post,
    async stop() {
      await webhooks.stop();
      server.closeAllConnections();
      await new Promise<void>(resolve => server.close(() => resolve()));
    },
  };
}
