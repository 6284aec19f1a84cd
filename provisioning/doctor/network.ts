import type {Config} from '../../src/config.ts';
import type {Endpoint, Examination} from '../../src/core/examination.ts';
import {judgeClock, readSkew} from './clock.ts';
import {connect, type Reached} from './connect.ts';
import {judgeEndpoint, judgeLeaving} from './endpoint.ts';
import {type Finding, ok} from './finding.ts';
import type {Parties} from './index.ts';

export interface Network {
  findings: readonly Finding[];
  /** Hosts of those who call us. */
  callers: readonly string[];
  /** Whether at least one of its endpoints can be connected to. */
  isOpen(examination: Examination): boolean;
}

interface Looked {
  endpoint: Endpoint;
  finding: Finding;
  /** Undefined behind a proxy. */
  reached: Reached | undefined;
}

/** Names, ways, certificates and clocks of all parties and of ourselves as they see us. */
export async function lookAtParties({publicUrl, store}: Config, parties: Parties): Promise<Network> {
  const examinations = [...parties.platforms.values(), ...parties.carriers.values()];
  const theirs = examinations.flatMap(({endpoints}) => endpoints);
  const own = [...(publicUrl === undefined ? [] : [toEndpoint('publicUrl', publicUrl)]), ...toDatabase(store)];
  const looked = await Promise.all([...theirs, ...own].map(endpoint => lookAt(endpoint, parties.now())));
  const telling = looked.filter(
    ({endpoint, reached}) => endpoint.http && reached?.kind === 'open' && theirs.includes(endpoint),
  );
  const skews = await Promise.all(telling.map(({endpoint}) => readSkew(endpoint, parties.now)));
  const reached = looked.flatMap(one =>
    one.reached !== undefined && theirs.includes(one.endpoint) ? [one.reached] : [],
  );
  const fine = new Set(looked.filter(({finding}) => finding.level !== 'problem').map(({endpoint}) => endpoint));
  return {
    findings: [
      ...looked.map(({finding}) => finding),
      ...judgeLeaving(reached),
      judgeClock(skews.filter(skew => skew !== undefined)),
    ],
    callers: theirs.filter(({http}) => http).map(({host}) => host),
    isOpen: ({endpoints}) => endpoints.length === 0 || endpoints.some(endpoint => fine.has(endpoint)),
  };
}

async function lookAt(endpoint: Endpoint, now: number): Promise<Looked> {
  if (endpoint.proxied) {
    const finding = ok(
      'proxied',
      `${endpoint.name}: ${endpoint.host} is called through a proxy; what it answers stands below.`,
    );
    return {endpoint, finding, reached: undefined};
  }
  const reached = await connect(endpoint);
  return {endpoint, finding: judgeEndpoint(endpoint, reached, now), reached};
}

function toEndpoint(name: string, url: string): Endpoint {
  const {hostname, port, protocol} = new URL(url);
  const secure = protocol === 'https:';
  const endpoint = {
    name,
    host: hostname.replace(/^\[(.*)]$/, '$1'),
    port: Number(port || (secure ? 443 : 80)),
    http: true,
  };
  return secure ? {...endpoint, tls: {servername: hostname}} : endpoint;
}

/** A database server; an SQLite file is looked at elsewhere, and a socket of this machine is the gateway's to judge. */
function toDatabase(store: string): Endpoint[] {
  if (store.startsWith('sqlite:')) return [];
  const {hostname, port} = new URL(store);
  const host = decodeURIComponent(hostname).replace(/^\[(.*)]$/, '$1');
  return host.startsWith('/') ? [] : [{name: 'store', host, port: Number(port || 5432), http: false}];
}
