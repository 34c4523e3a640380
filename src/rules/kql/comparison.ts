import type { CompiledComparison } from '../condition/compiled.ts';
import type { Field } from '../condition/field.ts';
import type { Holds } from '../operators/operator.ts';
import type { Step } from '../../model/field-path.ts';
import { formOfPath } from '../../resource-types/form.ts';
import { type Elements, everyElement, listElements, someElement } from './elements.ts';
import { type Kql, never, or } from './expression.ts';
import { isInElement, locate, memberOf, type Place, type ConditionContext, valueAt } from './field.ts';
import { certain, type Pair, unsure } from './pair.ts';
import { typedPair } from './typed.ts';
import type { KqlValue } from './value.ts';

/** The pair of a comparison of a field. With `[*]` it means every element. */
export function fieldPair(comparison: CompiledComparison, field: Field, around: ConditionContext): Pair {
  const { start, steps } = locate(field.path, around.scopes);
  if (field.collection) return everyPair(comparison, listElements(start, steps));
  const form = isInElement(field.path, around) ? undefined : formOfPath(field.path, around.types);
  return valuePair(comparison, follow(start, steps), form);
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

/** `form` is that of a field of the resource itself; the elements of a list are checked with the list. */
function valuePair(comparison: CompiledComparison, place: Place, form?: ReturnType<typeof formOfPath>): Pair {
  const { operator, expected, holds } = comparison;
  if (place.kind === 'unseen') return unsure;
  if (place.kind === 'missing') return certain(holds(undefined));
  const value = valueAt(place);
  const pair = operator.kql(expected).on(value);
  const { mayHold, mayFail } =
    (place.kind === 'dynamic' && typeof form === 'object'
      ? typedPair(comparison, form, { value, pair })
      : undefined) ?? pair;
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
