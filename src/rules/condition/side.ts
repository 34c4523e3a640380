import type { Json } from '../../model/json.ts';
import type { Actual, Comparison, Condition, Count, ValueCount } from '../../model/rule.ts';
import { compileValue } from '../expression/compile.ts';
import {
  type CompiledValue,
  type ExpressionContext,
  fieldNamed,
  valueFor,
  valueScope,
} from '../expression/context.ts';
import { type Computation, notKnown } from '../expression/value.ts';
import type { Holds } from '../operators/operator.ts';
import {
  amountOf,
  amountTruth,
  type Compiled,
  type CompiledCount,
  countTruth,
  type Test,
} from './compiled.ts';
import { compileField, type Field, type Subject } from './field.ts';

/** The subject of a comparison. */
export type Side =
  | (Readable & { readonly kind: 'field'; readonly field: Field })
  | (Readable & { readonly kind: 'count'; readonly count: CompiledCount })
  | (Readable & { readonly kind: 'literal'; readonly value: Actual })
  | (Readable & { readonly kind: 'computed' });

interface Readable {
  /** As the rule has it. */
  readonly words: string;
  /** The test of a comparison whose expected value is known. */
  readonly tester: (holds: Holds) => Test;
  /** The value, for evidence. */
  readonly read: (subject: Subject) => Computation;
}

/** Compiles the condition of a `count`; `counted` is its entry among the counts around the condition. */
type CompileWhere = (where: Condition, counted: string) => Compiled;

/** Compiles the subject of a comparison. */
export function sideOf(
  operand: Comparison['operand'],
  context: ExpressionContext,
  compileWhere: CompileWhere,
): Side {
  if (operand.kind === 'count') return countSide(operand, context, compileWhere);
  if (operand.kind === 'valueCount') return valueCountSide(operand, context, compileWhere);
  if (operand.kind === 'value') return valueSide(compileValue(operand.value, context), operand.value);
  if (!operand.path.startsWith('[')) return fieldSide(compileField(operand.path, context.counted));
  return namedSide(compileValue(operand.path, context), operand.path, context);
}

function valueSide(value: CompiledValue, written: Json): Side {
  const words = typeof written === 'string' ? written : JSON.stringify(written);
  const read = (subject: Subject): Computation => valueFor(value, subject);
  const tester =
    (holds: Holds): Test =>
    (subject) => {
      const found = read(subject);
      return found === notKnown ? 'unknown' : holds(found ?? undefined);
    };
  return value.kind === 'constant' && value.value !== notKnown
    ? { kind: 'literal', value: value.value ?? undefined, words, read, tester }
    : { kind: 'computed', words, read, tester };
}

function fieldSide(field: Field): Side {
  return {
    kind: 'field',
    field,
    words: field.path,
    read: (subject) => (field.isUnknown(subject) ? notKnown : valueOf(field, subject)),
    tester: (holds) =>
      field.collection
        ? (subject) => (field.isUnknown(subject) ? 'unknown' : field.readAll(subject).every(holds))
        : (subject) => (field.isUnknown(subject) ? 'unknown' : holds(field.read(subject))),
  };
}

function valueOf(field: Field, subject: Subject): Json {
  if (field.collection) return field.readAll(subject).map((value) => value ?? null);
  return field.read(subject) ?? null;
}

/** A field whose name is an expression. */
function namedSide(name: CompiledValue, words: string, context: ExpressionContext): Side {
  const find = (value: Computation): Side => {
    const field = typeof value === 'string' ? fieldNamed(value, context) : notKnown;
    if (field === undefined) return valueSide({ kind: 'constant', value: null }, words);
    return field === notKnown ? valueSide({ kind: 'constant', value: notKnown }, words) : fieldSide(field);
  };
  if (name.kind === 'constant') return find(name.value);
  return {
    kind: 'computed',
    words,
    read: (subject) => find(name.read(subject)).read(subject),
    tester: (holds) => (subject) => find(name.read(subject)).tester(holds)(subject),
  };
}

function countSide(
  { field: path, where }: Count,
  context: ExpressionContext,
  compileWhere: CompileWhere,
): Side {
  const field = compileField(path, context.counted);
  const count = { field, ...(where === undefined ? {} : { where: compileWhere(where, path) }) };
  return {
    kind: 'count',
    count,
    words: `count(${path})`,
    read: (subject) =>
      field.isUnknown(subject) ? notKnown : amountOf(count, subject, field.readAll(subject)).least,
    tester: (holds) => (subject) => countTruth(count, subject, holds),
  };
}

/** A count of a list that is no field; a number where neither the list nor `where` is about a resource. */
function valueCountSide(
  { value, name, where }: ValueCount,
  context: ExpressionContext,
  compileWhere: CompileWhere,
): Side {
  const list = compileValue(value, context);
  const count = where === undefined ? {} : { where: compileWhere(where, valueScope(name)) };
  const words = `count(${typeof value === 'string' ? value : JSON.stringify(value)})`;
  const known = list.kind === 'constant' && Array.isArray(list.value) ? list.value : undefined;
  if (known !== undefined && (where === undefined || known.length === 0))
    return valueSide({ kind: 'constant', value: known.length }, words);
  const amount = (subject: Subject) => {
    const found = valueFor(list, subject);
    return Array.isArray(found) ? amountOf(count, subject, found) : undefined;
  };
  return {
    kind: 'computed',
    words,
    read: (subject) => amount(subject)?.least ?? notKnown,
    tester: (holds) => (subject) => {
      const found = amount(subject);
      return found === undefined ? 'unknown' : amountTruth(found, holds);
    },
  };
}
