import type {Endpoint, Examination, Finding} from '../../core/examination.ts';
import type {Log} from '../../core/log.ts';
import type {ExamineOwn} from '../carrier.ts';
import {judgeBind, judgeOptions, judgePace, type Tried} from './examine-judge.ts';
import type {SmppOptions} from './options/schema.ts';
import {type End, openSession, type Role, type Session} from './session/session.ts';
import {type Settings, toSettings} from './settings.ts';
import {isCredentialsRefusal, status} from './status.ts';

const quiet: Log = {debug() {}, info() {}, warn() {}, error() {}};

/** The account, by one bind beside those of a running gateway: nothing is sent over it, and nothing taken. */
export function createExamination(options: SmppOptions, own: ExamineOwn): Examination {
  const settings = toSettings(options);
  return {
    endpoints: settings.hosts.map(address => toEndpoint(address, options, own)),
    async ask(serving) {
      const findings: Finding[] = judgeOptions(options, own, settings.hosts);
      for (const address of settings.hosts) {
        const tried = await tryBind(settings, address, toSpareRole(options));
        findings.push(judgeBind(`${own.name} (${address.host}:${address.port})`, tried, serving));
        if (tried.kind === 'bound') findings.push(...judgePace(options, own.name, tried.roundTripMs));
      }
      return findings;
    },
  };
}

type Address = Settings['hosts'][number];

/** A transmitter gets no texts from phones, so that none is held up; a receiver's account knows no other bind. */
function toSpareRole({bindType}: SmppOptions): Role {
  return bindType === 'receiver' ? 'receiver' : 'transmitter';
}

async function tryBind(settings: Settings, address: Address, role: Role): Promise<Tried> {
  const tried = await bindOnce(settings, address, role);
  const mayBeRole = settings.options.bindType === 'transceiver' && role === 'transmitter';
  if (tried.kind === 'bound' || !mayBeRole || !isRefusedRole(tried.end)) return tried;
  return bindOnce(settings, address, 'transceiver');
}

/** Some accounts may bind as transceiver only. */
function isRefusedRole({refusal}: End): boolean {
  return refusal !== undefined && !isCredentialsRefusal(refusal);
}

function bindOnce(settings: Settings, address: Address, role: Role): Promise<Tried> {
  const begun = performance.now();
  return new Promise(resolve => {
    const session: Session = openSession({
      ...settings.session,
      link: {...settings.link, ...address},
      role,
      bindFields: settings.bindFields,
      log: quiet,
      onBound() {
        const roundTripMs = performance.now() - begun;
        void session.close(0).then(() => resolve({kind: 'bound', roundTripMs}));
      },
      // The SMSC keeps it and delivers it to the gateway.
      onDelivery: async () => ({status: status.temporaryAppError}),
      onOutbind() {},
      onRoom() {},
      onEnd(end) {
        if (!end.wasBound) resolve({kind: 'failed', end});
      },
    });
  });
}

function toEndpoint({host, port}: Address, options: SmppOptions, {name}: ExamineOwn): Endpoint {
  const endpoint = {name: `carrier ${name}`, host, port, http: false, localAddress: options.localAddress};
  if (options.tls === false) return endpoint;
  const details = typeof options.tls === 'object' ? options.tls : undefined;
  const {ca, cert, key, passphrase, servername = host, acceptAnyCertificate: anyCertificate = false} = details ?? {};
  const names = {ca: 'tls.ca', servername: 'tls.servername'};
  return {...endpoint, tls: {servername, ca, cert, key, passphrase, anyCertificate, settings: names}};
}
