import { type ParameterValues, readTemplate } from '../condition/template.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { every, some, type Truth } from '../condition/truth.ts';
import { memberNamed } from './list-functions.ts';
import {
  type CompiledValue,
  constant,
  currentValue,
  elementAt,
  type ExpressionContext,
  asNeeded,
  listed,
  fieldNamed,
  scopeField,
  withAll,
} from './context.ts';
import { valueFunctions } from './functions.ts';
import { type Call, parsePolicyExpression, type PolicyExpression } from './parse.ts';
import { type Computation, notKnown } from './value.ts';

/** Compiles an expression. What cannot be known, and a call that fails, is unknown. */
export function compileExpression(expression: PolicyExpression, context: ExpressionContext): CompiledValue {
  if (expression.kind === 'literal') return constant(expression.value);
  if (expression.kind === 'member') {
    const parts = [expression.of, expression.key].map((part) => compileExpression(part, context));
    return withAll(parts, ([of = null, key = null]) => memberNamed(of, key) ?? notKnown);
  }
  const special = Object.hasOwn(specialCalls, expression.name) ? specialCalls[expression.name] : undefined;
  return (special ?? compileCall)(expression, context);
}

function compileCall({ name, args }: Call, context: ExpressionContext): CompiledValue {
  const called = valueFunctions.get(name);
  if (called === undefined || args.length < called.least || args.length > called.most)
    return constant(notKnown);
  return withAll(
    args.map((arg) => compileExpression(arg, context)),
    called.call,
  );
}

/** Calls that read more than the values of their arguments, or do not need all of them. */
const specialCalls: Readonly<Record<string, (call: Call, context: ExpressionContext) => CompiledValue>> = {
  parameters: ({ args }, context) =>
    named(args, context, (name) => constant(parameterNamed(name, context.parameters))),
  field: ({ args }, context) => named(args, context, (name) => listed(fieldNamed(name, context))),
  current: ({ args }, context) =>
    args.length === 0
      ? elementAt(context.counted.length - 1, context)
      : named(args, context, (name) => currentValue(name, context)),
  // Azure judges what exists by the latest version. Source: learn.microsoft.com, "policy functions".
  requestcontext: (_, { apiVersion = null }) => constant({ apiVersion }),
  resourcegroup: (_, context) =>
    withAll([scopeField('resourceGroup', context)], ([name = null]) => ({ name })),
  subscription: (_, context) =>
    withAll([scopeField('subscriptionId', context)], ([subscriptionId = null]) => ({ subscriptionId })),
  if: ({ args }, context) => {
    const [condition, ...branches] = args.map((arg) => compileExpression(arg, context));
    return asNeeded([condition, ...branches], (read) => {
      const truth = read(0);
      return typeof truth === 'boolean' ? read(truth ? 1 : 2) : notKnown;
    });
  },
  and: ({ args }, context) => logical(args, context, every),
  or: ({ args }, context) => logical(args, context, some),
  coalesce: ({ args }, context) =>
    asNeeded(
      args.map((arg) => compileExpression(arg, context)),
      (read) => {
        for (const index of args.keys()) {
          const value = read(index);
          if (value !== null) return value;
        }
        return null;
      },
    ),
};

function logical(
  args: readonly PolicyExpression[],
  context: ExpressionContext,
  combine: (items: readonly number[], test: (index: number) => Truth) => Truth,
): CompiledValue {
  const indexes = [...args.keys()];
  return asNeeded(
    args.map((arg) => compileExpression(arg, context)),
    (read) => {
      const truth = combine(indexes, (index) => {
        const value = read(index);
        return typeof value === 'boolean' ? value : 'unknown';
      });
      return truth === 'unknown' ? notKnown : truth;
    },
  );
}

/** A call whose first argument is a name, which may itself be worked out for each resource. */
function named(
  [first]: readonly PolicyExpression[],
  context: ExpressionContext,
  find: (name: string) => CompiledValue,
): CompiledValue {
  if (first === undefined) return constant(notKnown);
  const name = compileExpression(first, context);
  if (name.kind === 'constant') return typeof name.value === 'string' ? find(name.value) : constant(notKnown);
  return {
    kind: 'computed',
    read(subject) {
      const value = name.read(subject);
      const found = typeof value === 'string' ? find(value) : constant(notKnown);
      return found.kind === 'constant' ? found.value : found.read(subject);
    },
  };
}

function parameterNamed(name: string, parameters: ParameterValues): Computation {
  if (Object.hasOwn(parameters, name)) return parameters[name] ?? notKnown;
  const wanted = name.toLowerCase();
  const found = Object.keys(parameters).find((one) => one.toLowerCase() === wanted);
  return found === undefined ? notKnown : (parameters[found] ?? notKnown);
}

/** Compiles a value of a condition: text may be an expression, as may each item of a list and each member of an object. */
export function compileValue(value: Json, context: ExpressionContext): CompiledValue {
  const compile = (part: Json): CompiledValue => compileValue(part, context);
  if (typeof value === 'string') return compileText(value, context);
  if (Array.isArray(value)) return withAll(value.map(compile), (items) => items);
  if (!isJsonObject(value)) return constant(value);
  const keys = Object.keys(value);
  return withAll(
    keys.map((key) => compile(value[key] ?? null)),
    (members) => Object.fromEntries(keys.map((key, index) => [key, members[index] ?? null])),
  );
}

function compileText(text: string, context: ExpressionContext): CompiledValue {
  const template = readTemplate(text);
  if ('literal' in template) return constant(template.literal);
  if ('parameter' in template) return constant(parameterNamed(template.parameter, context.parameters));
  const parsed = parsePolicyExpression(text.slice(1, -1));
  return 'fault' in parsed ? constant(notKnown) : compileExpression(parsed.expression, context);
}
