import { type Alternative, type Evidence, shownValue } from './evidence.ts';
import { joinWords } from './join-words.ts';
import type { Json } from './json.ts';

/** Stands for an expectation where an element that was counted should not be there. */
export const noSuchElement = 'no such element';

/** The form in which a reader is shown the path of a field and a value. */
export interface EvidenceWording {
  readonly field: (path: string) => string;
  readonly value: (value: Json) => string;
}

/**
 * Facts as sentences: `a is 1, expected 2`. Alternatives are one sentence, which says first what was found and then what
 * would do: `a is 1 and b is unset, expected either a to be 2 or b to be 3`.
 */
export function evidenceSentences(
  evidence: readonly Evidence[],
  wording: EvidenceWording,
): readonly string[] {
  return clausesOf(evidence).map((clause) => {
    const [only] = clause.facts;
    const expected = clause.options.length === 0 ? wording.value(only.expected) : eitherOr(clause, wording);
    return `${foundWords(clause, wording)}, expected ${expected}`;
  });
}

/** The same without what was expected: `a is 1 and b is unset`. */
export function foundSentences(evidence: readonly Evidence[], wording: EvidenceWording): readonly string[] {
  return clausesOf(evidence).map((clause) => foundWords(clause, wording));
}

/**
 * The words that tie the rows of a table together, one for each fact: `either` for the first of a group, `or` for the next
 * option, `and` for another fact of the same option; empty for a fact that stands alone.
 */
export function tiesBetween(evidence: readonly Evidence[]): readonly string[] {
  return evidence.map((fact, index) => {
    const before = levelsOf(evidence[index - 1]);
    const levels = levelsOf(fact);
    const shared = levels.findIndex((level, depth) => !isSamePlace(level, before[depth]));
    if (shared === -1) return levels.length === 0 ? '' : 'and';
    const isNext = levels[shared]?.group === before[shared]?.group;
    const first = isNext ? 'or' : shared > 0 && index > 0 ? 'and' : '';
    const opened = levels.length - shared - (isNext ? 1 : 0);
    return [first, ...Array.from({ length: opened }, () => 'either')].filter((word) => word !== '').join(' ');
  });
}

/** One fact, or the alternatives of a group: the clauses of each option. */
interface Clause {
  readonly facts: readonly [Evidence, ...Evidence[]];
  readonly options: readonly (readonly Clause[])[];
}

function clausesOf(facts: readonly Evidence[], depth = 0): readonly Clause[] {
  return runsOf(facts, (fact) => levelsOf(fact)[depth]?.group).map((run) => {
    if (levelsOf(run[0])[depth] === undefined) return { facts: run, options: [] };
    const options = runsOf(run, (fact) => levelsOf(fact)[depth]?.option);
    return { facts: run, options: options.map((option) => clausesOf(option, depth + 1)) };
  });
}

/** Splits facts where the key changes; one without a key is a run of its own. */
function runsOf(
  facts: readonly Evidence[],
  keyOf: (fact: Evidence) => number | undefined,
): readonly [Evidence, ...Evidence[]][] {
  const runs: [Evidence, ...Evidence[]][] = [];
  let last: number | undefined;
  for (const fact of facts) {
    const key = keyOf(fact);
    if (key !== undefined && key === last) runs.at(-1)?.push(fact);
    else runs.push([fact]);
    last = key;
  }
  return runs;
}

/** The places of a fact among alternatives, outermost first. */
function levelsOf(fact: Evidence | undefined): readonly Alternative[] {
  const levels: Alternative[] = [];
  for (let level = fact?.alternative; level !== undefined; level = level.within) levels.unshift(level);
  return levels;
}

function isSamePlace(one: Alternative, other: Alternative | undefined): boolean {
  return one.group === other?.group && one.option === other.option;
}

function foundWords({ facts }: Clause, wording: EvidenceWording): string {
  const found = facts.map(({ field, actual }) => {
    const words = wording.value(shownValue(actual));
    return `${wording.field(field)} ${actual.kind === 'unreadable' ? words : `is ${words}`}`;
  });
  return joinWords([...new Set(found)]);
}

function eitherOr({ options }: Clause, wording: EvidenceWording): string {
  const words = options.map((clauses) => optionWords(clauses, wording));
  const isLong = words.some((option) => /, | and | or /.test(option));
  return `either ${words.join(isLong ? ', or ' : ' or ')}`;
}

function optionWords(clauses: readonly Clause[], wording: EvidenceWording): string {
  return clauses
    .filter(({ facts: [fact] }) => fact.expected !== noSuchElement)
    .map((clause) => {
      const [fact] = clause.facts;
      return clause.options.length === 0
        ? `${wording.field(fact.field)} ${toBe(wording.value(fact.expected))}`
        : `(${eitherOr(clause, wording)})`;
    })
    .join(' and ');
}

/** An expectation of an operator as the rest of `expected a …`: `to be at least 90`, `to have the key owner`. */
function toBe(expected: string): string {
  if (/^(?:the|no) key /.test(expected)) return `to have ${expected}`;
  const negated = /^not (?!.* (?:or|and) )/.exec(expected);
  return negated === null ? `to be ${expected}` : `not to be ${expected.slice('not '.length)}`;
}
