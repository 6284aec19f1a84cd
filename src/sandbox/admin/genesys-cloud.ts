import {randomUUID} from 'node:crypto';
import {
  type AdminAnswer,
  type AdminRequest,
  type AdminServer,
  type AdminServerOptions,
  createAdminServer,
  isObject,
} from './server.ts';

export interface PretendGenesysCloudOptions extends AdminServerOptions {
  clientId: string;
  clientSecret: string;
  /** Numbers that can be ordered. */
  available?: readonly string[];
}

export interface PretendGenesysCloud extends AdminServer {
  token: string;
  /** The organization's numbers. */
  numbers: string[];
  /** Numbers by the id of their order. */
  orders: Map<string, string>;
}

const root = '/api/v2/messaging/sms/provisioning/';

/** The log-in of Genesys Cloud and the toll-free numbers of its SMS Aggregation product. An order is carried out at once. */
export async function createPretendGenesysCloud(options: PretendGenesysCloudOptions): Promise<PretendGenesysCloud> {
  const {clientId, clientSecret, available = []} = options;
  const token = randomUUID();
  const numbers: string[] = [];
  const orders = new Map<string, string>();
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;

  const order = ({body}: AdminRequest): AdminAnswer => {
    const number = toOrderedNumber(body);
    if (number === undefined) return refuse(400, 'bad.request', 'The body is no order.');
    if (!available.includes(number)) return refuse(409, 'number.unavailable', 'The number is not available.');
    const id = randomUUID();
    orders.set(id, number);
    numbers.push(number);
    return {status: 200, body: {id, orderType: 'New', numberType: 'TollFree', orderStatus: 'Complete'}};
  };

  const handle = (request: AdminRequest): AdminAnswer => {
    const {authorization} = request.headers;
    if (request.path === '/oauth/token') return authorization === basic ? grant(request, token) : unauthorized();
    if (authorization !== `Bearer ${token}`) return unauthorized();
    switch (`${request.method} ${request.path}`) {
      case `GET ${root}tollfreenumbers/`:
        return {status: 200, body: {entities: numbers.map(toEntity)}};
      case `GET ${root}tollfreenumbers/available`:
        return {status: 200, body: {entities: available.slice(0, Number(request.query.get('numberOfResults') ?? 10))}};
      case `POST ${root}tollfreenumbers/`:
        return order(request);
      default:
        return showOrder(request, orders);
    }
  };

  return {...(await createAdminServer(handle, options)), token, numbers, orders};
}

function grant({body}: AdminRequest, token: string): AdminAnswer {
  const grantType = new URLSearchParams(body.toString('utf8')).get('grant_type');
  if (grantType !== 'client_credentials') return refuse(400, 'invalid_request', 'Unknown grant type.');
  return {status: 200, body: {access_token: token, token_type: 'bearer', expires_in: 86_399}};
}

function showOrder({method, path}: AdminRequest, orders: ReadonlyMap<string, string>): AdminAnswer {
  const id = path.slice(`${root}orders/`.length);
  if (method !== 'GET' || !path.startsWith(`${root}orders/`) || !orders.has(id)) {
    return refuse(404, 'not.found', 'The requested resource was not found.');
  }
  return {status: 200, body: {id, orderStatus: 'Complete'}};
}

function toOrderedNumber(body: Buffer): string | undefined {
  const items: unknown = JSON.parse(body.toString('utf8'));
  const [first] = Array.isArray(items) ? items : [];
  return isObject(first) && typeof first.tollfreeNumber === 'string' ? first.tollfreeNumber : undefined;
}

function toEntity(tollfreeNumber: string) {
  return {tollfreeNumber, status: 'Active', comment: 'Nexus Premise ACME Corp'};
}

function unauthorized(): AdminAnswer {
  return refuse(401, 'bad.credentials', 'Invalid login credentials.');
}

function refuse(status: number, code: string, message: string): AdminAnswer {
  return {status, body: {message, code, status}};
}
