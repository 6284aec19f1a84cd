import {type Finding, ok, problem, warning} from './finding.ts';
import {isTollFree, type TwilioNumber} from './numbers.ts';
import {isBroughtByService, isSameTarget, type NumberWebhook, toOtherProduct} from './webhook.ts';

/** Whether texts to and from this number will pass, and if not, why. Pure. */
export function diagnose(address: string, number: TwilioNumber | undefined, wanted: NumberWebhook): Finding[] {
  if (number === undefined) {
    return [
      problem(
        'number_not_found',
        `${address} is not a number of this Twilio account: check the account, or buy or port it first.`,
      ),
    ];
  }
  return [
    ...checkSms(number),
    ...checkWebhook(number, wanted),
    ...checkService(number, wanted),
    ...checkRegistration(number),
  ];
}

function checkSms({address, canSms}: TwilioNumber): Finding[] {
  return canSms ? [] : [problem('no_sms', `${address} can not send or take SMS: choose another number.`)];
}

function checkWebhook(number: TwilioNumber, wanted: NumberWebhook): Finding[] {
  const {address, smsUrl, smsMethod, smsFallbackUrl, smsApplicationSid} = number;
  if (isBroughtByService(number, wanted)) return [ok('webhook', `Texts to ${address} come to ${toBare(wanted)}.`)];
  const findings: Finding[] = [];
  if (smsApplicationSid !== '') {
    findings.push(
      problem(
        'application_overrides',
        `${address} belongs to application ${smsApplicationSid}, which ignores its webhook: take it out.`,
      ),
    );
  }
  findings.push(checkTarget(address, smsUrl, wanted));
  if (isSameTarget(smsUrl, wanted.smsUrl) && smsMethod !== '' && smsMethod !== wanted.method) {
    findings.push(
      warning(
        'webhook_method',
        `The webhook of ${address} is called by ${smsMethod}: Twilio logs texts in URLs for days. Use POST.`,
      ),
    );
  }
  if (smsFallbackUrl === '') {
    findings.push(warning('no_fallback', `${address} has no fallback URL: a text is lost when the first call fails.`));
  }
  return findings;
}

function toBare({smsUrl}: NumberWebhook): string | undefined {
  return smsUrl.split('#')[0];
}

function checkTarget(address: string, smsUrl: string, wanted: NumberWebhook): Finding {
  const target = toBare(wanted);
  if (isSameTarget(smsUrl, wanted.smsUrl)) return ok('webhook', `Texts to ${address} come to ${target}.`);
  if (smsUrl === '') return problem('no_webhook', `${address} has no webhook: set its SmsUrl to ${target}.`);
  const other = toOtherProduct(smsUrl);
  if (other !== undefined) {
    return problem(
      'webhook_of_other_product',
      `Texts to ${address} go to ${other}: take the number out there, then set its SmsUrl to ${target}.`,
    );
  }
  const host = URL.parse(smsUrl)?.host ?? 'an address that is no URL';
  return problem('webhook_elsewhere', `Texts to ${address} go to ${host}: set its SmsUrl to ${target}.`);
}

function checkService(number: TwilioNumber, wanted: NumberWebhook): Finding[] {
  const {address, service} = number;
  if (service === undefined) return [];
  const {name, sid, defersToNumber, inboundUrl} = service;
  if (defersToNumber)
    return [ok('messaging_service', `Messaging Service ${name} leaves the texts to ${address} to its own webhook.`)];
  if (isBroughtByService(number, wanted)) {
    return [ok('messaging_service', `Messaging Service ${name} itself has the webhook, for all its numbers.`)];
  }
  const fate = inboundUrl === null ? 'drops them' : 'sends them elsewhere';
  return [
    problem(
      'messaging_service_overrides',
      `${address} is in Messaging Service ${name} (${sid}), which takes its texts and ${fate}: set “Defer to sender’s webhook” there.`,
    ),
  ];
}

function checkRegistration({address, registration, service, kind}: TwilioNumber): Finding[] {
  if (kind === 'short code') return [];
  if (isTollFree(address)) {
    if (registration === 'TWILIO_APPROVED') return [ok('toll_free', `${address} is verified.`)];
    const state = registration ?? 'not asked for';
    if (/REVIEW/.test(state)) {
      return [
        warning(
          'registration_in_progress',
          `The toll-free verification of ${address} is in review: until then its texts fail with 30032.`,
        ),
      ];
    }
    return [
      problem(
        'toll_free_unverified',
        `The toll-free verification of ${address} is ${state}: its texts fail with 30032. Submit it at Twilio.`,
      ),
    ];
  }
  if (!address.startsWith('+1')) return [];
  if (registration === 'VERIFIED') return [ok('a2p', `${address} sends under a verified A2P 10DLC campaign.`)];
  if (registration === undefined) {
    const where =
      service === undefined ? 'It is in no Messaging Service' : `Messaging Service ${service.name} has no campaign`;
    return [
      warning(
        'a2p_unregistered',
        `${where}: texts of ${address} to the US fail with 30034. Register an A2P 10DLC campaign.`,
      ),
    ];
  }
  if (/PROGRESS|PENDING/i.test(registration)) {
    return [
      warning(
        'registration_in_progress',
        `The A2P campaign of ${address} is ${registration}: until it is verified its texts to the US fail with 30034.`,
      ),
    ];
  }
  return [
    problem(
      'a2p_failed',
      `The A2P campaign of ${address} is ${registration}: mend it at Twilio, or its texts to the US fail with 30034.`,
    ),
  ];
}
