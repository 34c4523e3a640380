import type { CompiledComparison } from '../condition/compiled.ts';
import type { Field } from '../condition/field.ts';
import type { Holds } from '../operators/operator.ts';
import type { Step } from '../../model/field-path.ts';
import { type Elements, everyElement, listElements, someElement } from './elements.ts';
import { type Kql, never, or } from './expression.ts';
import { locate, memberOf, type Place, type Scope, valueAt } from './field.ts';
import { certain, type Pair, unsure } from './pair.ts';
import { typedPair } from './typed.ts';
import type { KqlValue } from './value.ts';

/** The pair of a comparison of a field. With `[*]` it means every element. */
export function fieldPair(comparison: CompiledComparison, field: Field, scopes: readonly Scope[]): Pair {
  const { start, steps } = locate(field.path, scopes);
  if (!field.collection)
    return valuePair(comparison, follow(start, steps), scopes.length === 0 ? field.path : '');
  return everyPair(comparison, listElements(start, steps));
}

function everyPair(comparison: CompiledComparison, elements: Elements): Pair {
  const { operator, expected, holds } = comparison;
  const guarded = !holds(undefined);
  const shown = elements.json === undefined ? unsure : operator.kql(expected).within(elements.json);
  const pairOf = (place: Place): Pair => valuePair(comparison, place);
  return {
    mayHold: everyElement(elements, { of: ({ place }) => pairOf(place).mayHold, guarded }),
    mayFail: or([
      someElement(elements, { of: ({ place }) => pairOf(place).mayFail, guarded }, shown.mayFail),
      elements.odd,
    ]),
  };
}

/** `path` is that of a field of the resource itself; of elements Azure's kind is not looked at. */
function valuePair(comparison: CompiledComparison, place: Place, path = ''): Pair {
  const { operator, expected, holds } = comparison;
  if (place.kind === 'unseen') return unsure;
  if (place.kind === 'missing') return certain(holds(undefined));
  const value = valueAt(place);
  const pair = operator.kql(expected).on(value);
  const { mayHold, mayFail } =
    (place.kind === 'dynamic' && path !== '' ? typedPair(comparison, path, { value, pair }) : undefined) ??
    pair;
  const doubtful = doubtfulAbsence(value, holds);
  // What is absent is on one side already.
  return holds(undefined)
    ? { mayHold, mayFail: or([mayFail, doubtful]) }
    : { mayHold: or([mayHold, doubtful]), mayFail };
}

/** Where a value that is absent in KQL may yet decide otherwise. */
function doubtfulAbsence(value: KqlValue, holds: Holds): Kql {
  if (value.respelt !== undefined) return value.respelt;
  const { absentAs } = value;
  return absentAs === undefined || holds(absentAs) === holds(undefined) ? never : value.absent;
}

function follow(start: Place, steps: readonly Step[]): Place {
  return steps.reduce(
    (place, step) => (step.kind === 'key' ? memberOf(place, step.key) : { kind: 'unseen' }),
    start,
  );
}
