import { type Alternative, type Evidence, type FieldValue, valueOrWords } from '../model/evidence.ts';
import { noSuchElement } from '../model/evidence-words.ts';
import type { Json } from '../model/json.ts';
import { type Compiled, elementTruth, type EvidenceOf } from './condition/compiled.ts';
import type { Subject } from './condition/field.ts';
import type { Truth } from './condition/truth.ts';
import { computedValue, elementWords, unreadable } from './evidence-values.ts';
import { notKnown } from './expression/value.ts';
import {
  type ComputedFact,
  type CountFact,
  type Fact,
  type FieldFact,
  oneOfEachField,
  prepareFacts,
} from './facts.ts';
import { inWords } from './operators/scalar.ts';

/** At most so many elements of a counted array are shown one by one. */
const shownElements = 10;

/** Prepares the explanation of a condition: what failed when it failed, what held when it held. */
export function explanationOf(condition: Compiled, unset: Readonly<Record<string, string>>): EvidenceOf {
  const fact = prepareFacts(condition, unset);
  if (fact.kind === 'field') return (subject) => [fieldLine(fact, subject)];
  return (subject) => {
    const lines: Evidence[] = [];
    gather(fact, fact.test(subject), { subject, lines, groups: { count: 0 } });
    return lines;
  };
}

/** The lines so far, and the place of the next one among alternatives. */
interface Gathering {
  readonly subject: Subject;
  readonly lines: Evidence[];
  /** The number of groups of alternatives so far. */
  readonly groups: { count: number };
  readonly alternative?: Alternative;
}

/** Adds the lines of the parts of a fact that decided that it has this truth. */
function gather(whole: Fact, truth: Truth, gathering: Gathering): void {
  const { subject } = gathering;
  const fact = decisive(whole, truth, subject);
  if (fact.kind === 'field') addLine(fieldLine(fact, subject), gathering);
  if (fact.kind === 'computed') addLine(computedLine(fact, subject), gathering);
  if (fact.kind === 'count') for (const line of countLines(fact, truth, subject)) addLine(line, gathering);
  if (fact.kind === 'all')
    for (const part of sharing(fact.parts, truth, subject)) gather(part, truth, gathering);
  if (fact.kind === 'any') gatherOptions(optionsOf(fact.parts, truth, subject), truth, gathering);
}

/** Adds the lines of alternatives, which are numbered from 1; a single one is none. */
function gatherOptions(options: readonly Fact[], truth: Truth, gathering: Gathering): void {
  const { alternative: within, groups } = gathering;
  if (options.length > 1) groups.count += 1;
  const group = groups.count;
  for (const [index, fact] of options.entries()) {
    const alternative = { group, option: index + 1, ...(within === undefined ? {} : { within }) };
    gather(fact, truth, options.length > 1 ? { ...gathering, alternative } : gathering);
  }
}

/** The alternatives of which none holds; those of one of them are among them. */
function optionsOf(parts: readonly Fact[], truth: Truth, subject: Subject): readonly Fact[] {
  const options = sharing(parts, truth, subject).flatMap((part) => {
    const fact = decisive(part, truth, subject);
    return fact.kind === 'any' ? optionsOf(fact.parts, truth, subject) : [fact];
  });
  return oneOfEachField(options);
}

/** The one part on which a fact rests: of a failed `all` its only failed part, of a true `any` its first true part. */
function decisive(fact: Fact, truth: Truth, subject: Subject): Fact {
  if (fact.kind !== 'all' && fact.kind !== 'any') return fact;
  const [first, ...others] = sharing(fact.parts, truth, subject);
  const alone = others.length === 0 || (fact.kind === 'any' && truth === true);
  return first !== undefined && alone ? decisive(first, truth, subject) : fact;
}

function sharing(parts: readonly Fact[], truth: Truth, subject: Subject): readonly Fact[] {
  return parts.filter(({ test }) => test(subject) === truth);
}

/** Of several values that would do, the one that is there stands for all. */
function fieldLine(fact: FieldFact, subject: Subject): Evidence {
  const { field, unset, options } = fact;
  const { expected } = options?.find(({ test }) => test(subject) === true) ?? fact;
  const { path } = field;
  if (field.isUnknown(subject)) return { field: path, expected, actual: unreadable(path, subject) };
  const value = field.collection
    ? field.readAll(subject).map((element) => element ?? 'unset')
    : (field.read(subject) ?? undefined);
  return { field: path, expected, actual: value === undefined ? unset : { kind: 'read', value } };
}

/** Both sides of a comparison as they were worked out. */
function computedLine({ computed, describe }: ComputedFact, subject: Subject): Evidence {
  const wanted = computed.expected(subject);
  return {
    field: computed.words,
    expected: wanted === notKnown ? 'a value that could not be worked out' : describe(wanted),
    actual: computedValue(computed.actual(subject)),
  };
}

/** The count, and where no element at all would have been right, each element that was counted. */
function countLines(fact: CountFact, truth: Truth, subject: Subject): readonly Evidence[] {
  const { count, expected } = fact;
  const field = count.field.path;
  if (truth === 'unknown') return [{ field, expected, actual: unreadable(field, subject) }];
  const counted = count.field
    .readAll(subject)
    .flatMap((element, index) =>
      elementTruth(count, subject, element) === false ? [] : [{ element: element ?? null, index }],
    );
  const total: Evidence = {
    field: `count(${field})`,
    expected,
    actual: { kind: 'read', value: counted.length },
  };
  if (count.where === undefined || !fact.noneHolds || truth) return [total];
  const name = field.endsWith('[*]') ? field.slice(0, -'[*]'.length) : field;
  const offending = counted.slice(0, shownElements).map(({ element, index }) => ({
    field: `${name}[${index}]`,
    expected: noSuchElement,
    actual: elementValue(element, fact, subject),
  }));
  return [total, ...offending];
}

function elementValue(element: Json, fact: CountFact, subject: Subject): FieldValue {
  const words = elementWords(element, fact, subject);
  return { kind: 'read', value: element, ...(words === undefined ? {} : { words }) };
}

/** One line a field: where several things are expected of one value, they are joined by `and`. */
function addLine(line: Evidence, { lines, alternative }: Gathering): void {
  const at = lines.findIndex(
    (known) =>
      known.field === line.field && known.alternative === alternative && sameValue(known.actual, line.actual),
  );
  const known = lines[at];
  if (known === undefined) lines.push(alternative === undefined ? line : { ...line, alternative });
  else if (inWords(known.expected) !== inWords(line.expected))
    lines[at] = { ...known, expected: `${inWords(known.expected)} and ${inWords(line.expected)}` };
}

function sameValue(one: FieldValue, other: FieldValue): boolean {
  return JSON.stringify(valueOrWords(one)) === JSON.stringify(valueOrWords(other));
}
