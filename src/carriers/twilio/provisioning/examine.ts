import {isPhone, isShortCode} from '../../../core/address.ts';
import type {Endpoint, Examination, Finding} from '../../../core/examination.ts';
import type {ExamineOwn} from '../../carrier.ts';
import {ApiFault} from '../api-fault.ts';
import {toApiUrl} from '../api-url.ts';
import type {TwilioOptions} from '../options.ts';
import {createTwilioProvisioning, type TwilioProvisioning} from './index.ts';
import {checkSender} from './sender.ts';
import {type NumberWebhook, toNumberWebhook} from './webhook.ts';

/** The account and each number of ours in it: credentials, webhook, Messaging Service, registration. */
export function createExamination(settings: TwilioOptions, {name, publicUrl = '', addresses}: ExamineOwn): Examination {
  const wanted = toNumberWebhook(publicUrl, name);
  return {
    endpoints: [toEndpoint(settings, name)],
    async ask() {
      const provisioning = createTwilioProvisioning(settings);
      try {
        const account = await provisioning.checkAccount();
        if (account.level === 'problem') return [account];
        const senders = await Promise.all(addresses.map(address => lookAt(provisioning, address, wanted)));
        return [account, ...senders.flat()];
      } finally {
        provisioning.close();
      }
    },
  };
}

async function lookAt(provisioning: TwilioProvisioning, address: string, wanted: NumberWebhook): Promise<Finding[]> {
  const bare = address.replace(/^whatsapp:/, '');
  const format = checkSender({address}).filter(({code}) => code === 'sender_format' || code === 'sender_one_way');
  if (format.length > 0) return format;
  if (bare !== address) {
    const message = `The webhook of ${address} can't be read by the API: compare it in the Twilio Console with ${wanted.smsUrl}.`;
    return [{level: 'unknown', code: 'whatsapp_sender', message}];
  }
  if (!isPhone(bare) && !isShortCode(bare)) return [];
  try {
    return (await provisioning.inspect(bare, wanted)).findings;
  } catch (fault) {
    if (!(fault instanceof ApiFault)) throw fault;
    const message = `Twilio did not tell about ${address} (${fault.message}): try again, and check what the API key may read.`;
    return [{level: 'unknown', code: 'number_unreadable', message}];
  }
}

function toEndpoint(settings: TwilioOptions, name: string): Endpoint {
  const {hostname, port, protocol} = toApiUrl('https://api.twilio.com/', {}, settings);
  const secure = protocol === 'https:';
  const endpoint = {
    name: `carrier ${name}`,
    host: hostname,
    port: Number(port || (secure ? 443 : 80)),
    http: true,
    proxied: settings.proxy !== undefined,
  };
  return secure ? {...endpoint, tls: {servername: hostname, ca: settings.ca}} : endpoint;
}
