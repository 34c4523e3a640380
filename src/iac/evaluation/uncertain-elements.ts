// Lists and maps that may lack what they seem to hold, or hold something else.
import { optional } from '../optional.ts';
import { isClosed, isNull, lazy, type Lazy, orUnknown, unknown, type Values } from './value.ts';

/** The same values, in which no map is known to lack anything, and what is null in one may be anything. */
export function withOpenMaps(values: Values): Values {
  return values.map((value) => {
    if (value.kind === 'list')
      return { ...value, items: value.items.map((item) => lazy(() => withOpenMaps(item()))) };
    if (value.kind !== 'map') return value;
    const ifThere = value.ifThere && withOpenElements(value.ifThere);
    return {
      ...value,
      entries: withOpenElements(value.entries),
      isOpen: true,
      ...optional('ifThere', ifThere),
    };
  });
}

function withOpenElements(elements: ReadonlyMap<string, Lazy>): ReadonlyMap<string, Lazy> {
  return changedElements(elements, (held) =>
    held.some(isNull) ? orUnknown(withOpenMaps(held)) : withOpenMaps(held),
  );
}

/** The same map, where it is not certain that it has any of its elements. */
export function withUncertainElements(values: Values): Values {
  return values.map((value) =>
    value.kind === 'map'
      ? { ...value, entries: changedElements(value.entries, orUnknown), ifThere: value.entries, isOpen: true }
      : value,
  );
}

function changedElements(
  elements: ReadonlyMap<string, Lazy>,
  change: (values: Values) => Values,
): ReadonlyMap<string, Lazy> {
  return new Map([...elements].map(([key, element]) => [key, lazy(() => change(element()))]));
}

/** The arguments that a list is where it is expanded: one for each item. What it may lack, or hold besides, may be anything. */
export function expanded(values: Values): readonly Values[] {
  const [only, ...others] = values;
  if (only?.kind !== 'list' || others.length > 0) return [unknown];
  if (isClosed(only)) return only.items.map((item) => item());
  return [...only.items.map((item) => orUnknown(item())), unknown];
}
