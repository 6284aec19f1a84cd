import {toLookup} from './lookups.ts';

/**
 * One statement for many sets of values. The statements of `sql.ts` are written for one; here each becomes, by rules that need no table, the form
 * that takes arrays: a row of answers says in its first column, `_n`, whose it is (from 1).
 */

/** Undefined: this statement has no such form, it is run once for each. `types` are the server's names for the types of `$1`, `$2` and so on. */
export function toBatch(sql: string, types: readonly string[]): string | undefined {
  if (types.length === 0) return undefined;
  const statement = sql.trim().replace(/\$(\d+)/g, 'i._$1');
  const arrays = types.map((type, index) => `$${index + 1}::${type}[]`).join(', ');
  const names = types.map((_, index) => `_${index + 1}`).join(', ');
  const inputs = `unnest(${arrays}) with ordinality as i (${names}, _n)`;
  if (/^select\b/.test(statement)) {
    return `select i._n, q.* from ${inputs} cross join lateral (${toLookups(statement)}) as q`;
  }
  const [, verb, table = '', rest = ''] = /^(update|delete from|insert into) (\w+)\s+([\s\S]*)$/.exec(statement) ?? [];
  if (verb === 'update') return toUpdate(table, rest, inputs);
  if (verb === 'delete from') return toDelete(table, rest, inputs);
  return verb === 'insert into' ? toInsert(table, rest, inputs) : undefined;
}

/** What stands in an order is looked up anyhow. */
function toLookups(text: string): string {
  if (/\border by\b/.test(text)) return text;
  return text.replace(/(\w+) = (i\._\d+)\b/g, (_, column, value) => toLookup(column, value));
}

function toUpdate(table: string, rest: string, inputs: string): string | undefined {
  const [, changes, condition, returned] =
    /^(set [\s\S]*?)\s+where ([\s\S]*?)(?:\s+returning ([\s\S]*))?$/.exec(rest) ?? [];
  if (changes === undefined || condition === undefined) return undefined;
  const more = returned === undefined ? '' : `, ${returned === '*' ? `${table}.*` : returned}`;
  return `update ${table} ${changes} from ${inputs} where ${toLookups(condition)} returning i._n${more}`;
}

function toDelete(table: string, rest: string, inputs: string): string | undefined {
  const [, condition, returned] = /^where ([\s\S]*?)(?:\s+returning ([\s\S]*))?$/.exec(rest) ?? [];
  if (condition === undefined) return undefined;
  const more = returned === undefined ? '' : `, ${returned === '*' ? `${table}.*` : returned}`;
  return `delete from ${table} using ${inputs} where ${toLookups(condition)} returning i._n${more}`;
}

/** With a number the table gives out: all numbers are drawn first, for what is returned by an insert has no stated order. */
function toInsert(table: string, rest: string, inputs: string): string | undefined {
  const [, columns, values, after = ''] =
    /^\(([^)]*)\)\s*values \(([\s\S]*)\)(?:\s+((?:on conflict|returning)[\s\S]*))?$/.exec(rest) ?? [];
  if (columns === undefined || values === undefined) return undefined;
  if (!/\breturning\b/.test(after)) {
    return `insert into ${table} (${columns}) select ${values} from ${inputs} ${after}`;
  }
  const [, key] = /^returning (\w+)$/.exec(after) ?? [];
  if (key === undefined) return undefined;
  return `with i as materialized (
      select nextval(pg_get_serial_sequence('${table}', '${key}')) as ${key}, i.* from ${inputs}),
    done as (insert into ${table} (${key}, ${columns}) select i.${key}, ${values} from i)
    select i._n, i.${key} from i`;
}
