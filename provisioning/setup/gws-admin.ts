import {isDeepStrictEqual} from 'node:util';
import {Agent, request} from 'undici';
import {z} from 'zod';
import {toPrintable} from '../../src/core/printable.ts';
import {type Transaction, transaction} from './annex.ts';
import {toCode} from './fault-code.ts';
import type {SectionsAdmin} from './sections-target.ts';
import {ProvisionError} from './target.ts';

export interface GwsLogin {
  url: string;
  user: string;
  password: string;
}

const timeoutMs = 30_000;
const path = '/api/v2/platform/configuration/transactions';

const sections = z.record(z.string(), z.record(z.string(), z.string()));
type Sections = z.output<typeof sections>;
const answered = z.object({
  statusCode: z.literal(0),
  transactions: z.array(z.looseObject({DBID: z.coerce.string(), userProperties: sections.default({})})),
});
const said = z.object({statusCode: z.number(), statusMessage: z.string().optional()});

/**
 * `NexusServices` by the configuration calls of Web Services and Applications: what differs is sent as a delta, the pattern of the Platform SDK.
 * Documented for GWS 8.5 and 8.6; the path of this type follows from the naming of the others.
 */
export function createGwsAdmin({url, user, password}: GwsLogin): SectionsAdmin {
  const dispatcher = new Agent();
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  async function call(method: 'GET' | 'PUT', query: string, body?: unknown): Promise<string> {
    const answer = await ask(method, query, body);
    mustBeOk(answer, url);
    return answer.text;
  }

  async function ask(method: 'GET' | 'PUT', query: string, body: unknown) {
    try {
      const {statusCode, body: answer} = await request(`${url}${path}${query}`, {
        method,
        headers: {'content-type': 'application/json', authorization},
        body: body === undefined ? null : JSON.stringify(body),
        dispatcher,
        signal: AbortSignal.timeout(timeoutMs),
      });
      return {status: statusCode, text: await answer.text()};
    } catch (error) {
      throw new ProvisionError(
        'unavailable',
        `${url} gave no answer (${toCode(error)}): check GWS_URL, the network and the certificate. Running it again is safe.`,
      );
    }
  }

  async function readOne(): Promise<{dbid: string; present: Sections}> {
    const [object, ...others] = parseTransactions(await call('GET', '?name=NexusServices'), url);
    if (object !== undefined && others.length === 0) return {dbid: object.DBID, present: object.userProperties};
    const message =
      object === undefined
        ? `${url} has no transaction NexusServices: it comes with the tenant's set-up.`
        : `${url} has several transactions NexusServices, of several tenants: use export cfg and import it into the right one.`;
    throw new ProvisionError('held back', message);
  }

  return {
    async read() {
      const {dbid, present} = await readOne();
      return transaction.parse({dbid, userproperties: {property: toOptions(present)}});
    },
    async write(object) {
      const {dbid, present} = await readOne();
      await call('PUT', '', {'delta-transaction': toDelta(dbid, present, toSections(object))});
    },
    stop: () => dispatcher.close(),
  };
}

/** New sections and keys stand in the object, changed and deleted ones beside it; an empty section deletes all of it. */
function toDelta(dbid: string, present: Sections, wanted: Sections) {
  const pick = (from: Sections, isMeant: (section: string, key: string, value: string) => boolean): Sections =>
    Object.fromEntries(
      Object.entries(from)
        .map(([section, options]) => {
          const meant = Object.entries(options).filter(([key, value]) => isMeant(section, key, value));
          return [section, Object.fromEntries(meant)] as const;
        })
        .filter(([, options]) => Object.keys(options).length > 0),
    );
  // A section without options stands in no list of options: it is nobody's to delete.
  const gone = Object.entries(present)
    .filter(([section, options]) => wanted[section] === undefined && Object.keys(options).length > 0)
    .map(([section]) => section);
  const deletedKeys = pick(
    present,
    (section, key) => wanted[section] !== undefined && wanted[section][key] === undefined,
  );
  return {
    CfgTransaction: {DBID: dbid, userProperties: pick(wanted, (section, key) => present[section]?.[key] === undefined)},
    changedUserProperties: pick(wanted, (section, key, value) => {
      const stands = present[section]?.[key];
      return stands !== undefined && !isDeepStrictEqual(stands, value);
    }),
    deletedUserProperties: {...deletedKeys, ...Object.fromEntries(gone.map(section => [section, {}]))},
  };
}

function toOptions(present: Sections) {
  return Object.entries(present).flatMap(([section, options]) =>
    Object.entries(options).map(([key, value]) => ({section, key, value})),
  );
}

function toSections({userproperties}: Transaction): Sections {
  const all: Sections = {};
  for (const {section, key, value} of userproperties.property) all[section] = {...all[section], [key]: value};
  return all;
}

function parseTransactions(text: string, url: string) {
  try {
    return answered.parse(JSON.parse(text)).transactions;
  } catch {
    throw new ProvisionError('refused', `${url} shows NexusServices in a form that is not known here: use export cfg.`);
  }
}

/** A 200 may carry a refusal. */
function mustBeOk({status, text}: {status: number; text: string}, url: string): void {
  if (status === 401 || status === 403) {
    throw new ProvisionError(
      'forbidden',
      `${url} refuses GWS_USER and GWS_PASSWORD (${status}), or the user lacks the right.`,
    );
  }
  const {statusCode, statusMessage = ''} = readWords(text);
  if (status >= 200 && status < 300 && statusCode === 0) return;
  const says = statusMessage === '' ? '' : ` It says: ${toPrintable(statusMessage.slice(0, 300))}`;
  if (status >= 500 && statusCode === undefined) {
    throw new ProvisionError('unavailable', `${url} fails (${status}). Running it again is safe.`);
  }
  throw new ProvisionError('refused', `${url} refuses the call (${status}): check GWS_URL, or use export cfg.${says}`);
}

function readWords(text: string): Partial<z.output<typeof said>> {
  try {
    return said.parse(JSON.parse(text));
  } catch {
    return {};
  }
}
