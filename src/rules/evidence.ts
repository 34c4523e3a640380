import type { Evidence, FieldValue } from '../model/evidence.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import {
  type Compiled,
  type CompiledComparison,
  type CompiledCount,
  elementTruth,
} from './condition/compiled.ts';
import type { Field, Subject } from './condition/field.ts';
import { inWords } from './operators/scalar.ts';
import { fits, formAt, formOfType } from '../resource-types/form.ts';
import { isAtOrBelow, parsePath } from '../model/field-path.ts';

/** The meaning of an absent field to the service, by field path. */
export type UnsetMeanings = Readonly<Record<string, string>>;

/** At most so many elements of a counted array are shown one by one. */
const shownElements = 10;

/** The facts that made `condition` come out as it did: what failed when it failed, what held when it held. */
export function explain(condition: Compiled, subject: Subject, unset: UnsetMeanings): readonly Evidence[] {
  const evidence: Evidence[] = [];
  for (const fact of decisive(condition, subject)) {
    for (const line of evidenceOf(fact, subject, unset)) addLine(evidence, line);
  }
  return evidence;
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
  const oneIsEnough = condition.kind === 'anyOf' && truth === true;
  const facts: Fact[] = [];
  for (const part of condition.parts) {
    if (part.test(subject) !== truth) continue;
    facts.push(...decisive(part, subject, inverted));
    if (oneIsEnough) break;
  }
  return facts;
}

function evidenceOf(
  { comparison, inverted }: Fact,
  subject: Subject,
  unset: UnsetMeanings,
): readonly Evidence[] {
  const { count, field } = comparison;
  const expected = comparison.operator.describe(comparison.expected, !inverted);
  if (count !== undefined) return countEvidence(count, subject, { expected, noneHolds: comparison.holds(0) });
  if (field === undefined) return [];
  return [{ field: field.path, expected, actual: actualOf(field, subject, unset[field.path]) }];
}

function actualOf(field: Field, subject: Subject, meaning: string | undefined): FieldValue {
  if (field.isUnknown(subject)) return unreadable(field.path, subject);
  if (field.collection) return valueRead(field.readAll(subject).map((value) => value ?? 'unset'));
  const value = field.read(subject) ?? undefined;
  if (value !== undefined) return valueRead(value);
  return { kind: 'unset', words: meaning === undefined ? 'unset' : `unset (${meaning})` };
}

function valueRead(value: Json): FieldValue {
  return { kind: 'read', value };
}

/** The count, and where no element at all would have been right, each element that was counted. */
function countEvidence(
  count: CompiledCount,
  subject: Subject,
  { expected, noneHolds }: { readonly expected: Json; readonly noneHolds: boolean },
): readonly Evidence[] {
  const field = count.field.path;
  if (count.field.isUnknown(subject)) return [{ field, expected, actual: unreadable(field, subject) }];
  const counted = count.field
    .readAll(subject)
    .flatMap((element, index) =>
      elementTruth(count, subject, element) === false ? [] : [{ element: element ?? null, index }],
    );
  const total = { field: `count(${field})`, expected, actual: valueRead(counted.length) };
  if (count.where === undefined || !noneHolds) return [total];
  const name = field.endsWith('[*]') ? field.slice(0, -'[*]'.length) : field;
  const offending = counted.slice(0, shownElements).map(({ element, index }) => ({
    field: `${name}[${index}]`,
    expected: 'no such element',
    actual: valueRead(element),
  }));
  return [total, ...offending];
}

/** One line a field: where any of several values would do, they are joined by `or`. */
function addLine(evidence: Evidence[], line: Evidence): void {
  const at = evidence.findIndex(({ field }) => field === line.field);
  const known = evidence[at];
  if (known === undefined) evidence.push(line);
  else if (inWords(known.expected) !== inWords(line.expected)) {
    evidence[at] = { ...known, expected: `${inWords(known.expected)} or ${inWords(line.expected)}` };
  }
}

/**
 * A value that could not be read. What is there in a form in which Azure never writes it is shown as JSON, so
 * that `could not be read: ""` is no setting that is unset, and no text that is empty.
 */
function unreadable(path: string, { body, gaps }: Subject): FieldValue {
  const { type } = body;
  const form = typeof type === 'string' ? formOfType(type) : undefined;
  for (const gap of gaps) {
    if (form === undefined || !(isAtOrBelow(path, gap) || isAtOrBelow(gap, path))) continue;
    const value = parsePath(gap).reduce<Json | undefined>(
      (at, step) => (step.kind === 'key' && isJsonObject(at) ? at[step.key] : undefined),
      body,
    );
    const formThere = formAt(form, gap);
    // What fits is one of two values under two spellings of its name: neither is shown.
    if (formThere !== undefined && !fits(value, formThere))
      return { kind: 'unreadable', words: `could not be read: ${shown(value)}` };
  }
  return { kind: 'unreadable', words: 'could not be read' };
}

const longest = 500;

function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? '';
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
