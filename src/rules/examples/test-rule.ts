import { stringify } from 'yaml';
import type { JsonObject, JsonPath } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';
import type { ExampleKind, Rule } from '../../model/rule.ts';
import type { CoverageGap, ExampleTest, RuleTest } from '../../model/rule-tests.ts';
import type { CompiledRule } from '../condition/compiled.ts';
import { compileRule } from '../evaluate.ts';
import { type JudgedExample, judgedAs, judgeExamples, kindOfExample } from './judge-examples.ts';
import { assigned, solutions } from './solve-condition.ts';
import { type Trial, trialsOf } from './trials.ts';

type Locate = (path: JsonPath) => Location;

/**
 * Judges the examples of a rule, and says what of the rule they show: that it passes, fails and leaves out; each field that it
 * reads unset, null, empty and of a wrong type; each comparison both ways. `locate` finds the places in the file of the rule.
 */
export function testRule(rule: Rule, locate: Locate): RuleTest {
  const { id, name } = rule;
  const compiled = compileRule(rule, {});
  const examples = judgeExamples(rule);
  const trials = trialsOf(compiled);
  const bodies = examples.map(({ body }) => body);
  const missing = trials.filter(({ shows }) => !bodies.some(shows));
  const propose = missing.length === 0 ? () => undefined : proposer(compiled, bodies);
  return {
    id,
    name,
    location: locate(['id']),
    examples: examples.map((judged) => exampleTest(judged, locate)),
    toShow: trials.length,
    gaps: missing.map((trial) => gapOf(trial, propose(trial), locate)),
  };
}

function exampleTest({ kind, index, found, evidence, problem }: JudgedExample, locate: Locate): ExampleTest {
  return {
    kind,
    number: index + 1,
    ...(found === undefined ? {} : { found }),
    evidence,
    ...(problem === undefined ? {} : { problem }),
    location: locate(['examples', kind, index]),
  };
}

function gapOf({ gap, path }: Trial, proposal: Proposal | undefined, locate: Locate): CoverageGap {
  const location = locate(path);
  if (proposal === undefined) return { ...gap, location };
  return { ...gap, location, proposal: { ...proposal, yaml: exampleText(proposal.body) } };
}

/** An example as a rule file may hold it, on one line. */
export function exampleText(body: JsonObject): string {
  return stringify(body, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}

/** Bodies that pass, and bodies that fail, made from the conditions of the rule alone. */
function wholeExamples(compiled: CompiledRule): readonly JsonObject[] {
  const { rule, when, require } = compiled;
  const resourceType = rule.resourceTypes[0] ?? '';
  const whole = [true, false].flatMap((holds) => {
    const parts = firstOf(solutions({ condition: rule.require, compiled: require }, holds, resourceType));
    return parts.map((assignment) => assigned({}, assignment));
  });
  if (rule.when === undefined || when === undefined) return whole;
  const condition = { condition: rule.when, compiled: when };
  const applying = firstOf(solutions(condition, true, resourceType));
  const leftOut = firstOf(solutions(condition, false, resourceType));
  return whole.flatMap((body) => [...applying, ...leftOut].map((one) => assigned(body, one)));
}

const mostTried = 60;

function firstOf<T>(items: Iterable<T>): readonly T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length >= mostTried) break;
    first.push(item);
  }
  return first;
}

interface Proposal {
  readonly kind: ExampleKind;
  readonly body: JsonObject;
}

/** Proposes an example for one trial after the other: one that was proposed already where that shows it as well. */
function proposer(compiled: CompiledRule, bodies: readonly JsonObject[]) {
  const bases = [...wholeExamples(compiled), ...bodies, {}];
  const proposed: Proposal[] = [];
  return (trial: Trial): Proposal | undefined => {
    const isSuitable = ({ body, kind }: Proposal): boolean =>
      isExpected(trial, kind) && trial.shows(body) && judgedAs(compiled, kind, body).problem === undefined;
    const known = proposed.find(isSuitable);
    if (known !== undefined) return known;
    const shortest = bases
      .flatMap(trial.bodiesFrom)
      .map((body) => ({ body, kind: kindOfExample(compiled, body) }))
      .toSorted((a, b) => costOf(a.body) - costOf(b.body));
    const found =
      shortest.find(isSuitable) ??
      shortest.find(
        ({ body, kind }) => trial.shows(body) && judgedAs(compiled, kind, body).problem === undefined,
      );
    if (found !== undefined) proposed.push(found);
    return found;
  };
}

/** Short examples are read best, and empty ones worst; among those about as short, the first is closest to the rule. */
function costOf(body: JsonObject): number {
  return Object.keys(body).length === 0
    ? Number.MAX_SAFE_INTEGER
    : Math.round(JSON.stringify(body).length / 16);
}

/** True for a verdict that tells most: of a value of a wrong type that nothing is known, of any other that it decides. */
function isExpected({ gap }: Trial, kind: ExampleKind): boolean {
  if (gap.kind === 'verdict') return true;
  return gap.is === 'wrongType' ? kind === 'unknown' : kind === 'pass' || kind === 'fail';
}
