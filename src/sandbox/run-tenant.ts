import {createDesk} from './desk.ts';
import {createPretendSmsc} from './smsc.ts';
import {startTenant, tenantKeys} from './tenant.ts';

/** `npm run tenant`: an empty tenant, an SMSC account and the people around them, on loopback, until Ctrl-C. Prints the values for a set-up. */
const account = {systemId: 'acme', password: 'sandbox1'};
const tenant = await startTenant();
const smsc = await createPretendSmsc({...account, latencyMs: 10});
const desk = await createDesk(tenant, smsc);

console.log(`NEXUS_URL=${tenant.nexus.url}
NEXUS_CCID=${tenantKeys.ccid}
NEXUS_API_KEY=${tenantKeys.apiKey}
SMSC_HOST=${smsc.host}
SMSC_PORT=${smsc.port}
SMSC_SYSTEM_ID=${account.systemId}
SMSC_PASSWORD=${account.password}
DESK_URL=${desk.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Promise.all([desk.stop(), tenant.stop(), smsc.stop()]));
}
