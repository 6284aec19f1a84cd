import type {GaxOption} from './admin/gax.ts';
import {type AdminAnswer, type AdminRequest, type AdminServer, createAdminServer} from './admin/server.ts';
import type {PretendSmsc} from './smsc.ts';
import type {Tenant} from './tenant.ts';

/**
 * The people around a pretend tenant, for those who try the set-up with curl: `POST /agent?channel=&to=` and `POST /phone?from=&to=` send the body as
 * a text, `POST /import` takes the file that a person would import in Platform Administration, `GET /` tells what came to phones and to Nexus.
 */
export function createDesk(tenant: Tenant, smsc: PretendSmsc): Promise<AdminServer> {
  return createAdminServer(async request => {
    switch (`${request.method} ${request.path}`) {
      case 'GET /':
        return {status: 200, body: toReport(tenant, smsc)};
      case 'POST /agent':
        return sendAsAgent(tenant, request);
      case 'POST /phone':
        return sendAsPhone(smsc, request);
      case 'POST /import':
        tenant.gax.setAnnex(mergeSections(tenant.gax.annex(), parseSections(request.body.toString('utf8'))));
        return {status: 200, body: 'Imported into Transactions > NexusServices > Options.\n'};
      default:
        return {status: 404, body: 'There are GET /, POST /agent, POST /phone and POST /import.\n'};
    }
  });
}

function toReport({nexus}: Tenant, {phones}: PretendSmsc) {
  return {
    phones: phones.map(({from, to, text}) => ({from, to, text})),
    inbound: nexus.messages.flatMap(({messages}) => messages),
    receipts: nexus.receipts.flatMap(({messages}) => messages),
  };
}

async function sendAsAgent(tenant: Tenant, {query, body}: AdminRequest): Promise<AdminAnswer> {
  const text = {channelId: query.get('channel') ?? '', to: query.get('to') ?? '', text: body.toString('utf8')};
  try {
    const answer = await tenant.sendText(text);
    return {status: answer.status, body: `${JSON.stringify(answer.body)}\n`};
  } catch (error) {
    return {status: 409, body: `It does not leave: ${error instanceof Error ? error.message : 'no answer'}.\n`};
  }
}

async function sendAsPhone(smsc: PretendSmsc, {query, body}: AdminRequest): Promise<AdminAnswer> {
  const statuses = await smsc.sendFromPhone({
    from: query.get('from') ?? '',
    to: query.get('to') ?? '',
    text: body.toString('utf8'),
  });
  const taken = statuses.every(status => status === 0);
  return {status: taken ? 200 : 503, body: taken ? 'The gateway has it.\n' : 'The gateway did not take it.\n'};
}

/** An import replaces the sections it names and leaves the others. */
function mergeSections(present: readonly GaxOption[], imported: readonly GaxOption[]): GaxOption[] {
  return [...present.filter(({section}) => imported.every(other => other.section !== section)), ...imported];
}

function parseSections(cfg: string): GaxOption[] {
  let section = '';
  return cfg.split('\n').flatMap(line => {
    const name = /^\[(.+)]$/.exec(line)?.[1];
    if (name !== undefined) section = name;
    const option = /^([^=[]+)=(.*)$/.exec(line);
    return option === null ? [] : [{section, key: option[1] ?? '', value: option[2] ?? ''}];
  });
}
