import { parsePath } from '../../model/field-path.ts';
import { type Form, formOfPath, patternOfForm } from '../../resource-types/form.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import type { Compiled } from '../condition/compiled.ts';
import { and, type Kql, never, or, test } from './expression.ts';
import { columnPath, memberPath, quote } from './literal.ts';
import { jsonNamesKey } from './text.ts';

/**
 * Rows in which something around a field of a resource has a form that Azure never writes, at any depth: the evaluator
 * cannot decide on the field there. `types` are those of the resource. A scalar property is left to the comparison of it (`comparison.ts`).
 */
export function irregularAround(path: string, types: readonly string[]): Kql {
  const [column, member] = parsePath(path);
  if (column?.kind !== 'key' || column.key === 'tags') return never;
  const at = (top: string): Kql => irregularAt(top, path, types);
  if (column.key !== 'properties') return at(column.key);
  if (member?.kind === 'key') return at(`properties.${member.key}`);
  const whole = formOfPath('properties', types);
  const names = typeof whole === 'object' ? [...whole.parts.keys()] : [];
  return or(names.flatMap((name) => [at(`properties.${name}`), isRespelt(name)]));
}

/** Rows in which a property has no other spelling of its name than one that Azure does not write, as KQL does not find it. */
function isRespelt(name: string): Kql {
  const properties = columnPath('properties');
  return and([
    test(`isnull(${memberPath(properties, name)})`),
    jsonNamesKey(`tostring(${properties})`, name),
  ]);
}

function irregularAt(top: string, path: string, types: readonly string[]): Kql {
  // Names are respelt by the fields of every type: those of another type have to be of its form.
  const form = formOfPath(top, types) ?? formOfPath(top, everyType);
  if (form === undefined) return never;
  const [column = '', name] = top.split('.', 2);
  const raw = name === undefined ? column : memberPath(columnPath(column), name);
  if (form === 'mixed') return test(`isnotnull(${raw})`);
  if (form.type === 'object' || form.type === 'array') return isOfOtherForm(form, raw);
  return top === path ? never : and([test(`isnotnull(${raw})`), isOfOtherKind(form, `tostring(${raw})`)]);
}

const everyType = resourceTypes.map(({ type }) => type);

/** The text is that of a list around the value, in which an object is not to be confused with text that looks like one. */
function isOfOtherForm(form: Form, raw: string): Kql {
  const pattern = patternOfForm(form);
  if (pattern === undefined) return test(`isnotnull(${raw})`);
  return test(`not(tostring(pack_array(${raw})) matches regex ${quote(`^\\[(null|${pattern})]$`)})`);
}

/** The text of a scalar is that of another kind. */
export function isOfOtherKind({ type }: Form, text: string): Kql {
  if (type === 'integer') return test(`not(${text} matches regex '^-?[0-9]{1,15}$')`);
  return type === 'boolean'
    ? test(`${text} !in~ ('true', 'false')`)
    : test(`${text} matches regex '^([\\\\[{]|true$|false$|[0-9.eE+-]+$)'`);
}

/** Tags that are no map of texts: the evaluator cannot read them, or reads them as text. Azure refuses them. */
export const irregularTags: Kql = or([
  and([test('isnotnull(tags)'), test('isnull(bag_keys(tags))')]),
  test(`tostring(tags) matches regex '":[^"]'`),
]);

/** True where a condition reads a column. */
export function reads(condition: Compiled, column: string): boolean {
  if (condition.kind === 'not') return reads(condition.part, column);
  if (condition.kind !== 'comparison') return condition.parts.some((part) => reads(part, column));
  const { field, count } = condition;
  const paths = [field?.path, count?.field.path];
  if (paths.some((path) => path?.split(/[.[]/, 1)[0] === column)) return true;
  return count?.where !== undefined && reads(count.where, column);
}
