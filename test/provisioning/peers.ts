import type {ExecutionContext} from 'ava';
import {createPretendServices, type PretendServicesOptions} from '../../src/sandbox/admin/nexus-services.ts';

/** The values of the guide's own examples. */
export const ccid = '45acae06-6b7c-4f97-9c76-471cb5c21bf7';
export const apiKey = '9b7682b7-cbce-422f-9bbb-ecda85e61695';

export const customGateway = {
  asyncPhoneNumber: '16504661149',
  asyncWebhookURL: 'https://genesys-webhook.company.com',
  asyncWebhookSignatureKey: 'webhook-signature-key',
  asyncAPISignatureKey: 'api-signature-key',
};

/** A pretend Digital Channels and the values that reach it. */
export async function startServices(t: ExecutionContext, options: Partial<PretendServicesOptions> = {}) {
  const nexus = await createPretendServices({ccid, apiKey, ...options});
  t.teardown(() => nexus.stop());
  return {nexus, env: {nexusURL: nexus.url, ccid, apiKey}};
}

/** The body of the last call that wrote something, as it came. */
export function lastWritten(requests: ReadonlyArray<{method: string; body: Buffer}>): string | undefined {
  return requests.findLast(({method}) => method !== 'GET')?.body.toString('utf8');
}
