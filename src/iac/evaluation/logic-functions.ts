import { literalOf } from './name-pattern.ts';
import {
  alternatives,
  eachValue,
  failed,
  isClosed,
  isNull,
  nothing,
  scalarOf,
  text,
  unknown,
  type Value,
  type Values,
} from './value.ts';

type LogicFunction = (args: readonly Values[]) => Values;

/** Functions that decide and choose, by their names in lower case; operators of Bicep and Terraform call ARM's. */
export const logicFunctions: Readonly<Record<string, LogicFunction>> = {
  if: ([condition, yes, no]) => {
    const decided = truthOf(condition);
    if (decided !== undefined) return (decided ? yes : no) ?? unknown;
    return alternatives([...(yes ?? unknown), ...(no ?? unknown)]);
  },
  equals: ([one, other]) => equals(one ?? unknown, other ?? unknown),
  not: ([of]) => truth(negated(truthOf(of))),
  and: (args) => truth(joined(args, false)),
  or: (args) => truth(joined(args, true)),
  coalesce,
  null: () => nothing,
  true: () => truth(true),
  false: () => truth(false),
  bool: ([of]) => eachValue(of, toBoolean),
  tobool: ([of]) => eachValue(of, toBoolean),
  int: ([of]) => eachValue(of, toNumber),
  tonumber: ([of]) => eachValue(of, toNumber),
  'eitherof()': eitherOf,
  'enabledstate()': ([of]) => eachValue(of, enabledState),
  'onlyitem()': ([of]) => eachValue(of, onlyItem),
  'ifpresent()': ([of, made]) => eachValue(of, (value) => (isNull(value) ? nothing : (made ?? unknown))),
  try: (args) => firstThat(args, (value) => value.kind !== 'unknown'),
};

function toBoolean(value: Value): Values {
  const read = scalarOf([value]);
  if (typeof read === 'boolean' || read === null) return [value];
  const word = typeof read === 'string' ? read.toLowerCase() : undefined;
  return word === 'true' || word === 'false' ? truth(word === 'true') : unknown;
}

/** The word that Azure has for a flag of Terraform. */
function enabledState(value: Value): Values {
  const flag = scalarOf(toBoolean(value));
  if (flag === null) return nothing;
  return typeof flag === 'boolean' ? text(flag ? 'Enabled' : 'Disabled') : unknown;
}

/** The one item of a list that has at most one, as Terraform has blocks: null where there is none. */
function onlyItem(value: Value): Values {
  if (value.kind === 'map' || isNull(value)) return [value];
  if (value.kind !== 'list' || !isClosed(value) || value.items.length > 1) return unknown;
  return value.items[0]?.() ?? nothing;
}

function toNumber(value: Value): Values {
  const read = scalarOf([value]);
  if (typeof read === 'number' || read === null) return [value];
  const isNumber = typeof read === 'string' && /^-?\d+(?:\.\d+)?$/.test(read);
  return isNumber ? [{ kind: 'scalar', value: Number(read) }] : unknown;
}

/**
 * Values of one type are compared as they are written, `null` with anything; no list or object is. Texts are not that are
 * alike but for letter case (Azure writes a flag in a text as `True`), or that a variable of another type converts.
 */
function equals(one: Values, other: Values): Values {
  const [left, right] = [scalarOf(one), scalarOf(other)];
  if (left === undefined || right === undefined) return truth(undefined);
  if (typeof left === 'string' && typeof right === 'string') {
    const isDecided =
      !isConvertible(left) &&
      !isConvertible(right) &&
      (left === right || left.toLowerCase() !== right.toLowerCase());
    return truth(isDecided ? left === right : undefined);
  }
  const isComparable = typeof left === typeof right || left === null || right === null;
  return truth(isComparable ? left === right : undefined);
}

function isConvertible(text: string): boolean {
  return /^(?:true|false|-?\d+(?:\.\d+)?)$/i.test(text);
}

/** `decisive` where one argument is it; its contrary where all are that; else it is not known. */
function joined(args: readonly Values[], decisive: boolean): boolean | undefined {
  const values = new Set(args.map(truthOf));
  if (values.has(decisive)) return decisive;
  return values.has(undefined) ? undefined : !decisive;
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function truthOf(values: Values | undefined): boolean | undefined {
  const value = scalarOf(values ?? unknown);
  return typeof value === 'boolean' ? value : undefined;
}

function truth(value: boolean | undefined): readonly Value[] {
  return value === undefined ? unknown : [{ kind: 'scalar', value }];
}

/** The first argument that is not null, and null where all of them are; Terraform passes over empty text as well. */
function coalesce(args: readonly Values[]): Values {
  if (args.some((values) => values.length === 0)) return failed;
  if (args.length > 0 && args.every((values) => values.every(isNull))) return nothing;
  const first = firstThat(args, (value) => !isNull(value) && !isEmptyText(value));
  return args.every((values) => values.some(isNull)) ? alternatives([...first, ...nothing]) : first;
}

/** The value of something with two names, of which only one may be written: beside one that is known the other is left out. */
function eitherOf(args: readonly Values[]): Values {
  const written = args.filter((values) => !values.every(isNull));
  if (written.length === 0) return nothing;
  const known = written.filter((values) => values.every((value) => value.kind !== 'unknown'));
  const [only] = known;
  const isCertain = known.length === 1 && only !== undefined && !only.some(isNull);
  return isCertain && written.every((values) => values === only || values.every(isUnknown))
    ? only
    : alternatives(written.flat());
}

function isUnknown({ kind }: Value): boolean {
  return kind === 'unknown';
}

/** The arguments that may be taken: all up to the first that certainly qualifies. Those that fail do not. */
function firstThat(args: readonly Values[], willDo: (value: Value) => boolean): Values {
  const taken: Value[] = [];
  for (const values of args) {
    if (values.length === 0) continue;
    taken.push(...values.filter((value) => !isNull(value) || willDo(value)));
    if (values.every((value) => value.kind !== 'unknown' && willDo(value))) break;
  }
  return taken.length === 0 ? unknown : alternatives(taken);
}

function isEmptyText(value: Value): boolean {
  return value.kind === 'text' && literalOf(value.pattern) === '';
}
