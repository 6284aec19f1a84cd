import type twilioLibrary from 'twilio';
import {ApiFault} from '../api-fault.ts';
import type {TwilioConnection} from '../client.ts';
import {type Finding, ok, problem, warning} from './finding.ts';

/** Whether Twilio lets us in, asked as cheaply as can be. Never rejects. */
export async function checkAccount({client, credentials}: TwilioConnection, accountSid: string): Promise<Finding> {
  try {
    // Standard API keys may not read the account itself.
    return credentials.sid.startsWith('SK') ? await checkByNumber(client) : await checkByAccount(client, accountSid);
  } catch (fault) {
    return toFinding(fault, accountSid);
  }
}

async function checkByAccount(client: twilioLibrary.Twilio, accountSid: string): Promise<Finding> {
  const {status, type} = await client.api.v2010.accounts(accountSid).fetch();
  if (status !== 'active')
    return problem('account_not_active', `Twilio account ${accountSid} is ${status}: settle it in the Twilio Console.`);
  if (type === 'Trial')
    return warning('account_trial', `Twilio account ${accountSid} is a trial: it texts verified numbers only.`);
  return ok('account', `Twilio account ${accountSid} is active.`);
}

async function checkByNumber(client: twilioLibrary.Twilio): Promise<Finding> {
  await client.incomingPhoneNumbers.list({pageSize: 1, limit: 1});
  return ok('account', 'Twilio takes the API key.');
}

function toFinding(fault: unknown, accountSid: string): Finding {
  if (!(fault instanceof ApiFault))
    return problem('account_unreadable', 'Twilio’s answer could not be read: check apiUrl.');
  if (fault.kind !== 'answered')
    return problem('twilio_unreachable', `${fault.message}: check apiUrl, proxy and the firewall.`);
  if (fault.status === 401 || fault.status === 403) {
    return problem(
      'credentials',
      `Twilio refuses the credentials of ${accountSid} (${fault.twilioCode ?? fault.status}): check SID, token and region.`,
    );
  }
  if (fault.status === 404)
    return problem(
      'account_not_found',
      `Twilio knows no account ${accountSid}: check the SID, and which account the key belongs to.`,
    );
  return problem('account_unreadable', `${fault.message}: try again, then ask Twilio’s status page.`);
}
