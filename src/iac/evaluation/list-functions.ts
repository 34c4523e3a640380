import { type Budget, spend } from './budget.ts';
import { iterate } from './iterate.ts';
import {
  alternatives,
  concatenate,
  eachValue,
  isClosed,
  lazy,
  listOf,
  nothing,
  numberOf,
  opened,
  orUnknown,
  scalarOf,
  text,
  unknown,
  type Value,
  type Values,
} from './value.ts';

type ListFunction = (args: readonly Values[], budget: Budget) => Values;

/** Functions over lists, by their names in lower case. */
export const functionsOfLists: Readonly<Record<string, ListFunction>> = {
  tolist: ([of]) => of ?? unknown,
  toset: ([of]) => eachValue(of, setOf),
  distinct: ([of]) => eachValue(of, withoutRepetition),
  sort: ([of]) => eachValue(of, sorted),
  array: ([of]) => eachValue(of, (value) => (value.kind === 'list' ? [value] : listOf([() => [value]]))),
  createarray: listOfAll,
  list: listOfAll,
  range: ([start, count]) => numbers(numberOf(start), numberOf(count), 1),
  'rangeto()': rangeTo,
  element: ([of, index]) => eachValue(of, (value) => itemAt(value, numberOf(index))),
  first: ([of]) => eachValue(of, (value) => itemAt(value, 0)),
  last: ([of]) => eachValue(of, (value) => itemAt(value, -1)),
  one: ([of]) => eachValue(of, onlyItemOf),
  join,
};

function listOfAll(args: readonly Values[]): Values {
  return listOf(args.map((values) => () => values));
}

/** The value, of a list without the items that repeat one before them, as far as they are known. */
export function withoutRepetition(value: Value): Values {
  if (value.kind !== 'list') return [value];
  const seen = new Set<ReturnType<typeof scalarOf>>();
  const items = value.items.filter((item) => {
    const known = scalarOf(item());
    if (seen.has(known)) return false;
    if (known !== undefined) seen.add(known);
    return true;
  });
  return isClosed(value) ? listOf(items) : opened(listOf(items));
}

/** A set of Terraform: of texts it is in order. */
function setOf(value: Value): Values {
  return eachValue(withoutRepetition(value), (set) => inOrder(set) ?? [set]);
}

/** Terraform's `sort`. Where an item is not known, each place may have any of them. */
function sorted(value: Value): Values {
  if (value.kind !== 'list' || value.items.length < 2) return [value];
  const any = lazy(() => alternatives(value.items.flatMap((item) => item())));
  return inOrder(value) ?? [{ ...value, items: value.items.map(() => any) }];
}

/** A list of texts in their order; `undefined` where something of it is not known. */
function inOrder(value: Value): Values | undefined {
  if (value.kind !== 'list' || !isClosed(value)) return undefined;
  const texts = value.items.flatMap((item) => {
    const known = scalarOf(item());
    return typeof known === 'string' ? [known] : [];
  });
  if (texts.length < value.items.length) return undefined;
  return listOf(texts.toSorted((one, other) => (one < other ? -1 : 1)).map((known) => () => text(known)));
}

/** Terraform's `range(limit)`, `range(start, limit)` and `range(start, limit, step)`. */
function rangeTo(args: readonly Values[]): Values {
  const [start, limit, step] = args.length === 1 ? [0, numberOf(args[0])] : args.map(numberOf);
  if (start === undefined || limit === undefined || (args.length > 2 && step === undefined)) return unknown;
  const by = step ?? (limit < start ? -1 : 1);
  return by === 0 ? unknown : numbers(start, Math.max(0, Math.ceil((limit - start) / by)), by);
}

/** As many numbers, from the first one on. */
function numbers(first: number | undefined, count: number | undefined, step: number): Values {
  if (first === undefined || count === undefined) return unknown;
  const iterations = iterate([{ kind: 'scalar', value: count }], { valueName: 'i', keyedByItem: false });
  return listOf(iterations.map((_, index) => () => [{ kind: 'scalar', value: first + index * step }]));
}

function itemAt(value: Value, index: number | undefined): Values {
  if (value.kind !== 'list' || index === undefined) return unknown;
  const found = (value.items.at(index) ?? (() => unknown))();
  return isClosed(value) ? found : orUnknown(found);
}

/** Terraform's `one`: of an empty list it is `null`. */
function onlyItemOf(value: Value): Values {
  if (value.kind !== 'list' || value.items.length > 1 || !isClosed(value)) return unknown;
  return value.items[0]?.() ?? nothing;
}

/** `join("-", list)` of Terraform, `join(list, '-')` of Bicep and ARM. */
function join([left, right]: readonly Values[], budget: Budget): Values {
  const [lists, separator] =
    left?.some(({ kind }) => kind === 'list') === true ? [left, right] : [right, left];
  return eachValue(lists, (list) => {
    if (list.kind !== 'list' || !isClosed(list)) return unknown;
    const parts = list.items.slice(0, 50).flatMap((item, index) => {
      return index === 0 ? [item()] : [separator ?? unknown, item()];
    });
    spend(budget, parts.length);
    return concatenate(parts);
  });
}
