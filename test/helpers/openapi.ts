/** As much of OpenAPI 3.0 as Twilio's documents use: which operation an exchange is, and where it differs from what they say. */

export interface Exchange {
  method: string;
  path: string;
  /** Names of the query, and the form's names with their values. */
  query: readonly string[];
  form: ReadonlyArray<readonly [string, string]>;
  status: number;
  body: unknown;
}

export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: string[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  nullable?: boolean;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

interface Operation {
  parameters?: Array<{name: string; in: string}>;
  requestBody?: {content: Record<string, {schema: Schema}>};
  responses: Record<string, {content?: Record<string, {schema: Schema}>}>;
}

export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: {schemas: Record<string, Schema>};
}

/** What differs, a line each; `undefined` when the document knows no such operation. */
export function compare(document: OpenApi, exchange: Exchange): string[] | undefined {
  const operation = findOperation(document, exchange);
  if (operation === undefined) return undefined;
  const asked = [...checkQuery(operation, exchange), ...checkForm(document, operation, exchange)];
  const response = operation.responses[exchange.status];
  if (response === undefined)
    return [...asked, `status ${exchange.status} is not among ${Object.keys(operation.responses)}`];
  const schema = response.content?.['application/json']?.schema;
  return schema === undefined ? asked : [...asked, ...check(document, schema, exchange.body, '')];
}

/** Where a value is not what its schema says. A field the schema does not name is a difference, one that is missing is not. */
export function check(document: OpenApi, given: Schema, value: unknown, place: string): string[] {
  const schema = resolve(document, given);
  if (value === null) return schema.nullable === true || given.nullable === true ? [] : [`${place} is null`];
  if (schema.anyOf !== undefined) {
    const all = schema.anyOf.map(one => check(document, one, value, place));
    return all.some(one => one.length === 0) ? [] : all.flat();
  }
  switch (schema.type) {
    case 'object':
      return checkObject(document, schema, value, place);
    case 'array':
      if (!Array.isArray(value)) return [`${place} is no array`];
      return value.flatMap((item, index) => check(document, schema.items ?? {}, item, `${place}[${index}]`));
    case 'string':
      return checkString(schema, value, place);
    case 'integer':
      return Number.isInteger(value) ? [] : [`${place} is no integer: ${JSON.stringify(value)}`];
    case 'number':
    case 'boolean':
      return typeof value === schema.type ? [] : [`${place} is no ${schema.type}: ${JSON.stringify(value)}`];
    default:
      return [];
  }
}

export function resolve(document: OpenApi, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const found = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
  if (found === undefined) throw new Error(`the document lacks ${schema.$ref}`);
  return resolve(document, found);
}

function findOperation({paths}: OpenApi, {method, path}: Exchange): Operation | undefined {
  const fitting = Object.keys(paths).filter(template => {
    const pattern = template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/.]+');
    return new RegExp(`^${pattern}$`).test(path);
  });
  // `Messages.json` before `{Sid}.json`.
  const [best] = fitting.sort((one, other) => one.split('{').length - other.split('{').length);
  return best === undefined ? undefined : paths[best]?.[method.toLowerCase()];
}

function checkQuery({parameters = []}: Operation, {query}: Exchange): string[] {
  const known = parameters.filter(one => one.in === 'query').map(({name}) => name);
  return query.filter(name => !known.includes(name)).map(name => `query ${name} is not known`);
}

function checkForm(document: OpenApi, {requestBody}: Operation, {form}: Exchange): string[] {
  if (form.length === 0) return [];
  const schema = requestBody?.content['application/x-www-form-urlencoded']?.schema;
  if (schema === undefined) return ['it takes no form'];
  const properties = resolve(document, schema).properties ?? {};
  return form.flatMap(([name, value]) => {
    const property = properties[name];
    if (property === undefined) return [`form field ${name} is not known`];
    // An empty field takes away what stood there: patterns speak of values.
    if (value === '') return [];
    const own = resolve(document, property);
    const one = own.type === 'array' ? resolve(document, own.items ?? {}) : own;
    return check(document, one, fromForm(one, value), `form field ${name}`);
  });
}

function fromForm({type}: Schema, value: string): unknown {
  if (type === 'integer' || type === 'number') return Number(value);
  return type === 'boolean' ? value === 'true' : value;
}

function checkObject(document: OpenApi, schema: Schema, value: unknown, place: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${place} is no object`];
  const {properties} = schema;
  if (properties === undefined) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const own = properties[name];
    return own === undefined ? [`${place}.${name} is not known`] : check(document, own, field, `${place}.${name}`);
  });
}

const rfc2822 =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d \+0000$/;

function checkString(schema: Schema, value: unknown, place: string): string[] {
  if (typeof value !== 'string') return [`${place} is no string: ${JSON.stringify(value)}`];
  const wrong = (what: string) => [`${place} ${what}: ${value}`];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return wrong('is none of its values');
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) return wrong('does not fit its pattern');
  if (value.length < (schema.minLength ?? 0)) return wrong('is too short');
  if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return wrong('is too long');
  if (schema.format === 'date-time-rfc-2822' && !rfc2822.test(value)) return wrong('is no date of RFC 2822');
  if (schema.format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value))
    return wrong('is no date of RFC 3339');
  return [];
}
