import type { Mistake } from '../../documents/document.ts';
import type { Evidence } from '../../model/evidence.ts';
import { evidenceSentences } from '../../model/evidence-words.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import type { ExampleKind, Rule } from '../../model/rule.ts';
import { gapsOfBody } from '../../resource-types/gaps.ts';
import { readTags } from '../../resource-types/tags.ts';
import type { CompiledRule } from '../condition/compiled.ts';
import { compileRule, decisiveEvidence, judge, type Verdict } from '../evaluate.ts';
import { mergePatch } from '../merge-patch.ts';
import { inWords } from '../operators/scalar.ts';

/** An example and its verdict. */
export interface JudgedExample {
  readonly kind: ExampleKind;
  /** Its place among those of its kind, from 0. */
  readonly index: number;
  readonly body: JsonObject;
  /** The kind that it is of; absent for a resource of a type that the rule is not about. */
  readonly found?: ExampleKind;
  /** The facts that decided; none where the rule does not apply. */
  readonly evidence: readonly Evidence[];
  /** The mistake in it, in words; absent where it is as it should be. */
  readonly problem?: string;
}

/** Judges every example of a rule by the rule, and every failing one again after the rule's own patch. */
export function judgeExamples(rule: Rule): readonly JudgedExample[] {
  const compiled = compileRule(rule, {});
  return exampleKinds.flatMap((kind) =>
    rule.examples[kind].map((body, index) => ({ kind, index, body, ...judgedAs(compiled, kind, body) })),
  );
}

/** The mistakes in the examples of a rule. */
export function checkExamples(rule: Rule): readonly Mistake[] {
  return judgeExamples(rule).flatMap(({ kind, index, problem }) =>
    problem === undefined ? [] : [{ path: ['examples', kind, index], message: problem }],
  );
}

/** The warning about a rule without an example that passes, or without one that fails. */
export function missingExamples({ examples }: Rule): readonly Mistake[] {
  const lacking = [
    ...(examples.pass.length === 0 ? ['passes'] : []),
    ...(examples.fail.length === 0 ? ['fails'] : []),
  ];
  if (lacking.length === 0) return [];
  const which = lacking.length === 2 ? 'there is no example' : `no example ${lacking.join('')}`;
  return [{ path: ['id'], message: `${which}, so nothing shows that the rule works` }];
}

/** The kinds of examples, in the order of a rule file. */
export const exampleKinds: readonly ExampleKind[] = ['pass', 'fail', 'notApplicable', 'unknown'];

const kinds: Readonly<Record<Verdict, ExampleKind>> = {
  compliant: 'pass',
  nonCompliant: 'fail',
  notApplicable: 'notApplicable',
  unknown: 'unknown',
};

const wantedWords: Readonly<Record<ExampleKind, string>> = {
  pass: 'pass',
  fail: 'fail',
  notApplicable: 'be one to which the rule does not apply',
  unknown: 'be unknown',
};

const foundWords: Readonly<Record<ExampleKind, string>> = {
  pass: 'it passes',
  fail: 'it fails',
  notApplicable: '`when` leaves it out',
  unknown: 'it is unknown',
};

/** The verdict on an example that is to be of a kind, and what is wrong with it. */
export function judgedAs(
  compiled: CompiledRule,
  kind: ExampleKind,
  body: JsonObject,
): Pick<JudgedExample, 'found' | 'evidence' | 'problem'> {
  const resource = exampleOf(compiled, body);
  if (!compiled.appliesTo(resource.type)) {
    const problem = `this example is a ${resource.type}, to which the rule does not apply`;
    return { evidence: [], problem };
  }
  const found = kinds[judge(compiled, resource)];
  const evidence = found === 'notApplicable' ? [] : decisiveEvidence(compiled, resource);
  if (found === kind) {
    const problem = kind === 'fail' ? unfixed(compiled, body) : undefined;
    return { found, evidence, ...(problem === undefined ? {} : { problem }) };
  }
  const problem = `this example should ${wantedWords[kind]}, but ${foundWords[found]}${reasons(evidence)}`;
  return { found, evidence, problem };
}

/** The kind of example that a body is, and whether the patch of the rule fixes it where it fails. */
export function kindOfExample(compiled: CompiledRule, body: JsonObject): ExampleKind {
  return kinds[judge(compiled, exampleOf(compiled, body))];
}

function unfixed(compiled: CompiledRule, body: JsonObject): string | undefined {
  const patch = compiled.rule.remediation?.patch;
  if (patch === undefined) return undefined;
  const fixed = exampleOf(compiled, mergePatch(body, patch));
  const found = kinds[judge(compiled, fixed)];
  if (found === 'pass') return undefined;
  const why = found === 'fail' ? reasons(decisiveEvidence(compiled, fixed)) : '';
  return `the patch does not fix this example: afterwards ${foundWords[found]}${why}`;
}

function reasons(evidence: readonly Evidence[]): string {
  const words = evidenceSentences(evidence, { field: (path) => path, value: inWords }).slice(0, 3);
  return words.length === 0 ? '' : ` (${words.join('; ')})`;
}

/**
 * A resource of which only `body` is known, such as an example in a rule: of the first type of the rule unless the body says.
 * What does not fit its field is unknown, as in a scan.
 */
export function exampleOf({ rule }: Pick<CompiledRule, 'rule'>, body: JsonObject): Resource {
  const type = textOf(body['type'], rule.resourceTypes[0]);
  const tags = readTags(body['tags']);
  return {
    id: textOf(body['id']),
    name: textOf(body['name']),
    type,
    subscriptionId: textOf(body['subscriptionId']),
    resourceGroup: textOf(body['resourceGroup']),
    location: textOf(body['location']),
    tags: tags ?? {},
    body: body['tags'] === undefined || tags === undefined ? body : { ...body, tags },
    gaps: gapsOfBody(type, body),
  };
}

function textOf(value: Json | undefined, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}
