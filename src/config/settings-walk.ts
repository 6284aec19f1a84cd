import {type ZodType, z} from 'zod';
import {parseDuration} from '../core/duration.ts';

type Node = z.core.JSONSchema.BaseSchema;

export interface Found {
  path: string;
  type: string;
  default: string;
  description: string;
}

/** The settings below a schema as they are written in the file. Blocks without a description of their own are only passed through. */
export function listBelow(schema: ZodType, base: string): Found[] {
  return below(z.toJSONSchema(schema, {io: 'input', unrepresentable: 'any', override: keepDefault}), base);
}

/** zod leaves the default of a transformed value out: it is what people write all the same. */
function keepDefault({zodSchema, jsonSchema}: {zodSchema: z.core.$ZodTypes; jsonSchema: Node}): void {
  const {def} = zodSchema._zod;
  if (def.type === 'default' && typeof def.defaultValue === 'string') jsonSchema.fallback ??= def.defaultValue;
}

function below(node: Node, path: string): Found[] {
  const required = new Set(node.required);
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    typeof child === 'boolean' ? [] : visit(child, path === '' ? key : `${path}.${key}`, required.has(key)),
  );
  const inner = toNodes(node.anyOf).flatMap(branch => below(branch, path));
  const items = isNode(node.items) ? below(node.items, `${path}[]`) : [];
  const named = isNode(node.additionalProperties) ? below(node.additionalProperties, `${path}.<name>`) : [];
  const all = [...own, ...inner, ...items, ...named];
  return all.filter((found, index) => all.findIndex(other => other.path === found.path) === index);
}

function visit(node: Node, path: string, required: boolean): Found[] {
  const inner = below(node, path);
  if (node.properties !== undefined && node.description === undefined) return inner;
  return [
    {path, type: toType(node), default: toDefault(node, required), description: node.description ?? ''},
    ...inner,
  ];
}

function toType(node: Node): string {
  if (typeof node.format === 'string' && node.format === 'duration') return 'duration';
  if (typeof node.default === 'string' && node.type === 'string' && parseDuration(node.default) !== undefined)
    return 'duration';
  if (node.enum !== undefined) return node.enum.map(value => `\`${String(value)}\``).join(', ');
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.anyOf !== undefined) return [...new Set(toNodes(node.anyOf).map(toType))].join(' or ');
  if (node.type === 'array') return isNode(node.items) ? `list of ${toType(node.items)}` : 'list';
  if (node.type === 'object') return node.properties === undefined ? 'names and values' : 'block';
  return toWord(node.type);
}

function toWord(type: Node['type']): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'true or false',
  };
  return words[String(type)] ?? 'any';
}

function toDefault(node: Node, required: boolean): string {
  if (required) return 'required';
  // `fallback`: a default that depends on another setting, in words.
  const value = node.default ?? node.fallback;
  if (value === undefined || value === '') return '';
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function toNodes(nodes: readonly Node[] | undefined): Node[] {
  return (nodes ?? []).filter(isNode);
}

function isNode(node: unknown): node is Node {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
