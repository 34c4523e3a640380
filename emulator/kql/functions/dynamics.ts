import { isJsonObject, type Json } from '../../../src/model/json.ts';
import { argumentAt, longOf, textOf } from '../argument.ts';
import type { Argument, FunctionCompiler } from '../context.ts';
import { toDynamic } from '../conversion.ts';
import { unsupported } from '../syntax.ts';
import type { Evaluate } from '../value.ts';

/** Functions of arrays and bags. Of anything else they are null, unless Kusto says otherwise. */
export const dynamics = {
  array_length: (args) => {
    const { evaluate } = argumentAt(args, 0);
    return (row) => {
      const array = evaluate(row);
      return Array.isArray(array) ? array.length : null;
    };
  },
  array_index_of: (args) => {
    if (args.length > 2) throw unsupported(argumentAt(args, 2).node);
    const [array, sought] = [argumentAt(args, 0).evaluate, boxed(argumentAt(args, 1))];
    return (row) => {
      const values = array(row);
      return Array.isArray(values) ? values.indexOf(sought(row)) : null;
    };
  },
  set_has_element: (args) => {
    const [array, sought] = [argumentAt(args, 0).evaluate, boxed(argumentAt(args, 1))];
    return (row) => {
      const values = array(row);
      return Array.isArray(values) ? values.includes(sought(row)) : null;
    };
  },
  array_concat: (args) => {
    const arrays = args.map((arg) => arg.evaluate);
    return (row) => arrays.flatMap((array) => array(row));
  },
  array_slice: (args) => {
    const [array, start, end] = [
      argumentAt(args, 0).evaluate,
      longOf(argumentAt(args, 1)),
      longOf(argumentAt(args, 2)),
    ];
    return (row) => {
      const [values, from, to] = [array(row), start(row), end(row)];
      if (!Array.isArray(values) || from === null || to === null) return null;
      return values.slice(from, to === -1 ? undefined : to + 1);
    };
  },
  strcat_array: (args) => {
    const [array, separator] = [argumentAt(args, 0).evaluate, textOf(argumentAt(args, 1))];
    return (row) => {
      const values = array(row);
      return Array.isArray(values) ? values.map(asText).join(separator(row)) : '';
    };
  },
  bag_keys: (args) => {
    const { evaluate } = argumentAt(args, 0);
    return (row) => {
      const bag = evaluate(row);
      return isJsonObject(bag) ? Object.keys(bag) : null;
    };
  },
  bag_has_key: (args) => {
    const [of, key] = [argumentAt(args, 0).evaluate, textOf(argumentAt(args, 1))];
    return (row) => {
      const bag = of(row);
      const name = key(row);
      if (name.startsWith('$')) throw unsupported(argumentAt(args, 1).node, 'as a JSONPath is not supported');
      return isJsonObject(bag) ? Object.hasOwn(bag, name) : false;
    };
  },
  pack: pack,
  bag_pack: pack,
  pack_array: (args) => {
    const values = args.map(boxed);
    return (row) => values.map((value) => value(row));
  },
} satisfies Record<string, FunctionCompiler>;

function boxed({ evaluate, type }: Argument): Evaluate {
  return (row) => toDynamic(evaluate(row), type);
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}

function pack(args: readonly Argument[]): Evaluate {
  const pairs: (readonly [(row: Parameters<Evaluate>[0]) => string, Evaluate])[] = [];
  for (let index = 0; index + 1 < args.length; index += 2) {
    pairs.push([textOf(argumentAt(args, index)), boxed(argumentAt(args, index + 1))]);
  }
  return (row) => Object.fromEntries(pairs.map(([key, value]) => [key(row), value(row)]));
}
