import {isPhone, isShortCode} from '../../../core/address.ts';
import type {Endpoint, Examination, Finding} from '../../../core/examination.ts';
import type {ExamineOwn} from '../../carrier.ts';
import {ApiFault} from '../api-fault.ts';
import {toApiUrl} from '../api-url.ts';
import type {TwilioOptions} from '../options.ts';
import {createTwilioProvisioning, type TwilioProvisioning} from './index.ts';
import {checkSender} from './sender.ts';
import {type NumberWebhook, toNumberWebhook} from './webhook.ts';

/** The account's texts go by the same API, which takes only so many calls at once (error 20429). */
const numbersAtOnce = 4;

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
        const findings: Finding[] = [account];
        for (let first = 0; first < addresses.length; first += numbersAtOnce) {
          const some = addresses.slice(first, first + numbersAtOnce);
          findings.push(...(await Promise.all(some.map(address => lookAt(provisioning, address, wanted)))).flat());
        }
        return findings;
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
    const why = fault instanceof ApiFault ? fault.message : 'its answer could not be read';
    const message = `Twilio did not tell about ${address} (${why}): try again, and check apiUrl and what the API key may read.`;
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
  return secure ? {...endpoint, tls: {servername: hostname, ca: settings.ca, settings: {ca: 'ca'}}} : endpoint;
}
