import type { ExpressionCompiler } from '../context.ts';
import { converterTo, toReal, toText } from '../conversion.ts';
import { literalOf } from '../literal.ts';
import { items, part, unsupported, type Syntax } from '../syntax.ts';
import { fold, type Evaluate, type Value } from '../value.ts';

/** How `in` differs from its plain form. */
export interface MembershipOptions {
  readonly negated: boolean;
  readonly caseSensitive: boolean;
}

/**
 * `in`, `!in`, `in~`, `!in~` over scalars and dynamic arrays, which are flattened. A null is in no list of values.
 * A dynamic on the left is cast to the type of the list.
 */
export function membership(options: MembershipOptions): ExpressionCompiler {
  return (node, compiler) => {
    const left = part(node, 'Left');
    const list = items(part(node, 'Right'), 'Expressions');
    const type = listType(left, list);
    const key = keyMaker(type, options.caseSensitive);
    const value = keyed(compiler.compile(left), key);
    const constants = list.map(literalOf);
    if (constants.every((constant) => constant !== undefined)) {
      const set = new Set(constants.flatMap(flatten).map(key));
      return (row) => set.has(value(row)) !== options.negated;
    }
    const members = list.map((item) => compiler.compile(item));
    return (row) => {
      const sought = value(row);
      return (
        members.some((member) => flatten(member(row)).some((one) => key(one) === sought)) !== options.negated
      );
    };
  };
}

function keyed(evaluate: Evaluate, key: (value: Value) => Value): Evaluate {
  return (row) => key(evaluate(row));
}

function flatten(value: Value): readonly Value[] {
  return Array.isArray(value) ? value.flatMap(flatten) : [value];
}

/** The type that both sides are compared in. */
function listType(left: Syntax, list: readonly Syntax[]): string {
  const types = new Set(
    list.flatMap((item) => (item.type === 'dynamic' ? literalTypes(item) : [item.type ?? ''])),
  );
  if (left.type !== 'dynamic') types.add(left.type ?? '');
  const normal = new Set([...types].map((type) => (/^(int|long|real)$/.test(type) ? 'real' : type)));
  const [type, other] = normal;
  if (type === undefined || other !== undefined) {
    throw unsupported(
      left,
      `is compared with values of types ${[...normal].join(', ')}; try adding explicit casts`,
    );
  }
  return type;
}

function literalTypes(item: Syntax): readonly string[] {
  const value = literalOf(item);
  if (value === undefined) return [];
  return flatten(value).map((one) =>
    typeof one === 'number' ? 'real' : typeof one === 'boolean' ? 'bool' : 'string',
  );
}

function keyMaker(type: string, caseSensitive: boolean): (value: Value) => Value {
  if (type === 'string') return caseSensitive ? text : (value) => fold(text(value));
  const convert = type === 'real' ? toReal : converterTo(type);
  return convert ?? ((value) => value);
}

const text = (value: Value): string => toText(value, 'dynamic');
