import type {Endpoint, EndpointTls} from '../../src/core/examination.ts';
import {isLoopbackHost} from '../../src/core/host.ts';
import type {Certificate, Reached} from './connect.ts';
import {type Finding, ok, problem, warning} from './finding.ts';

const dayMs = 86_400_000;
/** Genesys' own observability raises a critical alarm then. */
const soonMs = 20 * dayMs;

/** Whether a party can be connected to at all: name, network, certificate and its end. Pure. */
export function judgeEndpoint(endpoint: Endpoint, reached: Reached, now: number): Finding {
  const {name, host, port, tls} = endpoint;
  const place = `${name}: ${host}:${port}`;
  switch (reached.kind) {
    case 'unresolved':
      return problem(
        'dns_unresolved',
        `${name}: the name ${host} is not known (${reached.code}): check its spelling and this machine's DNS.`,
      );
    case 'unreached':
      return judgeUnreached(endpoint, reached.code);
    case 'no tls': {
      const message = `${place} takes the connection and speaks no TLS (${reached.code}): use its port for TLS, or check whether it asks for a client certificate.`;
      return problem('tls_not_spoken', message);
    }
    case 'open': {
      const found =
        reached.certificate && !tls?.anyCertificate
          ? judgeCertificate(place, reached.certificate, {now, settings: tls?.settings})
          : [];
      const until = reached.certificate ? `, certificate until ${toDay(reached.certificate.validTo)}` : '';
      return (
        found[0] ?? ok('reached', `${place} is ${reached.addresses.join(', ')}; reached from ${reached.from}${until}.`)
      );
    }
  }
}

/** What carriers with an allow-list have to be told. Pure. */
export function judgeLeaving(reached: readonly Reached[]): Finding[] {
  const addresses = reached.flatMap(one => (one.kind === 'open' && !isLoopbackHost(one.from) ? [one.from] : []));
  if (addresses.length === 0) return [];
  const from = [...new Set(addresses)].join(', ');
  return [
    ok('leaving', `Calls leave from ${from}: carriers with an allow-list need it, or what NAT on the way makes of it.`),
  ];
}

function judgeUnreached({name, host, port, localAddress}: Endpoint, code: string): Finding {
  if (code === 'EADDRNOTAVAIL' || (localAddress !== undefined && code === 'EINVAL')) {
    const message = `${name}: this machine has no address ${localAddress}: correct localAddress, or take it out.`;
    return problem('local_address', message);
  }
  const why = code === 'ECONNREFUSED' ? 'nothing listens there' : 'a firewall, an allow-list or a wrong address';
  return problem(
    'unreached',
    `${name}: ${host}:${port} can't be reached (${code}): ${why}. Check host, port and firewall.`,
  );
}

interface Judging {
  now: number;
  settings: EndpointTls['settings'];
}

function judgeCertificate(place: string, {distrust, validTo}: Certificate, {now, settings}: Judging): Finding[] {
  if (distrust === 'CERT_HAS_EXPIRED' || validTo < now) {
    return [
      problem('tls_expired', `${place}: its certificate ended on ${toDay(validTo)}: its operator has to renew it.`),
    ];
  }
  if (distrust === 'CERT_NOT_YET_VALID') {
    return [
      problem('tls_not_yet_valid', `${place}: its certificate is not valid yet: check this machine's clock first.`),
    ];
  }
  if (distrust === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const otherwise = settings?.servername === undefined ? '' : `, or give ${settings.servername}`;
    const message = `${place}: its certificate is for another name: use the name it has${otherwise}.`;
    return [problem('tls_name', message)];
  }
  if (distrust !== undefined) {
    const mend =
      settings === undefined
        ? 'who calls it has to know its authority: have its whole chain served, of an authority they trust'
        : `give the authority's as ${settings.ca}, or have its whole chain served`;
    const message = `${place}: its certificate is not trusted (${distrust}): ${mend}.`;
    return [problem('tls_untrusted', message)];
  }
  if (validTo - now < soonMs) {
    return [warning('tls_ends_soon', `${place}: its certificate ends on ${toDay(validTo)}: have it renewed before.`)];
  }
  return [];
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
