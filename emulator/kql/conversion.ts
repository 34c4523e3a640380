import { isJsonObject } from '../../src/model/json.ts';
import type { ScalarType } from './syntax.ts';
import type { Value } from './value.ts';

const msPerDay = 86_400_000;

/** The text of a value of a bound type, as `tostring()` gives it: null is empty, a bag is compact JSON. */
export function toText(value: Value, type: string): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && type === 'datetime') return datetimeText(value);
  if (typeof value === 'number' && type === 'timespan') return timespanText(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `tobool()`: booleans, numbers (zero is false), and the words true and false in any case; else null. */
export function toBool(value: Value): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return null;
  const word = value.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : null;
}

/** `toreal()`: numbers, booleans, and text that is a number; else null. */
export function toReal(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : null;
}

/** `tolong()`: a fraction is cut off a number, but text must be a whole number. */
export function toLong(value: Value): number | null {
  if (typeof value === 'string') return /^\s*([-+]?\d+|0x[\da-f]+)\s*$/i.test(value) ? Number(value) : null;
  const number = toReal(value);
  return number === null || !Number.isFinite(number) ? null : Math.trunc(number);
}

/** `toint()`: as `tolong()`, null outside 32 bits. */
export function toInt(value: Value): number | null {
  const long = toLong(value);
  return long === null || long < -2_147_483_648 || long > 2_147_483_647 ? null : long;
}

/** `todatetime()`: ISO 8601 text, UTC where no zone is given. */
export function toDatetime(value: Value): number | null {
  if (typeof value !== 'string') return null;
  const text = value.trim().replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T');
  const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)?)?$/i.exec(text);
  if (iso === null) return null;
  const zoned = iso[1] !== undefined && iso[4] === undefined ? `${text}Z` : text;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? null : ms;
}

/** How a value of one type is read as another when an operator mixes them; undefined when Kusto would refuse. */
export function converterTo(target: string): ((value: Value) => Value) | undefined {
  return converters[target];
}

/** A value as it stands inside a dynamic: datetimes, timespans become text. */
export function toDynamic(value: Value, type: string): Value {
  return type === 'datetime' || type === 'timespan' ? (value === null ? null : toText(value, type)) : value;
}

/** The runtime type of a dynamic value, in the words of `gettype()`. */
export function typeName(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isJsonObject(value)) return 'dictionary';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'real';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

const converters: Readonly<Partial<Record<string, (value: Value) => Value>>> = {
  bool: toBool,
  int: toInt,
  long: toLong,
  real: toReal,
  string: (value) => toText(value, 'dynamic'),
  datetime: toDatetime,
  guid: (value) => (typeof value === 'string' ? value.toLowerCase() : null),
  dynamic: (value) => value,
} satisfies Partial<Record<ScalarType, (value: Value) => Value>>;

function datetimeText(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '0000Z');
}

function timespanText(ms: number): string {
  const rest = Math.abs(ms);
  const days = Math.floor(rest / msPerDay);
  const clock = new Date(rest % msPerDay).toISOString().slice(11, 19);
  const fraction = rest % 1000 === 0 ? '' : `.${String(Math.round((rest % 1000) * 10_000)).padStart(7, '0')}`;
  return `${ms < 0 ? '-' : ''}${days > 0 ? `${days}.` : ''}${clock}${fraction}`;
}
