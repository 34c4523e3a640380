import type { Evidence } from '../model/finding.ts';
import type { Json } from '../model/json.ts';
import type { Compiled, CompiledComparison, CompiledCount } from './condition/compiled.ts';
import { elementTruth } from './condition/count.ts';
import type { Field, Subject } from './condition/field.ts';
import { inWords } from './operators/scalar.ts';

/** What an absent field means to the service, by field path. */
export type UnsetMeanings = Readonly<Record<string, string>>;

/** At most so many elements of a counted array are shown one by one. */
const shownElements = 10;

/** The facts that made `condition` come out as it did: what failed when it failed, what held when it held. */
export function explain(condition: Compiled, subject: Subject, unset: UnsetMeanings): readonly Evidence[] {
  const found = decisive(condition, subject);
  const [only, second] = found;
  if (only !== undefined && second === undefined) return evidenceOf(only, subject, unset);
  return mergeByField(found.flatMap((fact) => evidenceOf(fact, subject, unset)));
}

interface Fact {
  readonly comparison: CompiledComparison;
  /** True below an odd number of `not`: then the comparison is expected to fail. */
  readonly inverted: boolean;
}

/** The comparisons that decided: for a failed `allOf` its failed parts, for a true `anyOf` its first true part, … */
function decisive(condition: Compiled, subject: Subject, inverted = false): readonly Fact[] {
  if (condition.kind === 'comparison') return [{ comparison: condition, inverted }];
  if (condition.kind === 'not') return decisive(condition.part, subject, !inverted);
  const truth = condition.test(subject);
  const agreeing = condition.parts.filter((part) => part.test(subject) === truth);
  const oneIsEnough = condition.kind === 'anyOf' && truth === true;
  return (oneIsEnough ? agreeing.slice(0, 1) : agreeing).flatMap((part) => decisive(part, subject, inverted));
}

function evidenceOf(
  { comparison, inverted }: Fact,
  subject: Subject,
  unset: UnsetMeanings,
): readonly Evidence[] {
  const described = comparison.operator.describe(comparison.expected);
  const expected = inverted ? `not: ${inWords(described)}` : described;
  if (comparison.count !== undefined) {
    return countEvidence(comparison, comparison.count, { subject, described: expected });
  }
  if (comparison.field === undefined) return [];
  const { field } = comparison;
  return [{ field: field.path, expected, actual: actualOf(field, subject, unset[field.path]) }];
}

function actualOf(field: Field, subject: Subject, meaning: string | undefined): Json {
  if (field.isUnknown(subject)) return 'could not be read';
  if (field.collection) return field.readAll(subject).map((value) => value ?? 'unset');
  const absent = meaning === undefined ? 'unset' : `unset (${meaning})`;
  return field.read(subject) ?? absent;
}

/** The count, and where no element at all would have been right, each element that was counted. */
function countEvidence(
  { operator, expected }: CompiledComparison,
  count: CompiledCount,
  { subject, described }: { readonly subject: Subject; readonly described: Json },
): readonly Evidence[] {
  const field = count.field.path;
  if (count.field.isUnknown(subject)) return [{ field, expected: described, actual: 'could not be read' }];
  const counted = count.field
    .readAll(subject)
    .flatMap((element, index) =>
      elementTruth(count, subject, element) === false ? [] : [{ element: element ?? null, index }],
    );
  const total = { field: `count(${field})`, expected: described, actual: counted.length };
  if (count.where === undefined || !operator.compile(expected)(0)) return [total];
  const name = field.endsWith('[*]') ? field.slice(0, -'[*]'.length) : field;
  const offending = counted.slice(0, shownElements).map(({ element, index }) => ({
    field: `${name}[${index}]`,
    expected: 'no such element',
    actual: element,
  }));
  return [total, ...offending];
}

/** One line a field: where any of several values would do, they are joined by `or`. */
function mergeByField(facts: readonly Evidence[]): readonly Evidence[] {
  const merged = new Map<string, Evidence>();
  for (const fact of facts) {
    const known = merged.get(fact.field);
    if (known === undefined) merged.set(fact.field, fact);
    else if (inWords(known.expected) !== inWords(fact.expected)) {
      merged.set(fact.field, {
        ...known,
        expected: `${inWords(known.expected)} or ${inWords(fact.expected)}`,
      });
    }
  }
  return [...merged.values()];
}
