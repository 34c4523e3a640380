import { evidenceSentences } from '../../model/evidence-words.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Examples, Rule } from '../../model/rule.ts';
import type { CompiledRule } from '../condition/compiled.ts';
import { compileRule, decisiveEvidence, judge, type Verdict } from '../evaluate.ts';
import { mergePatch } from '../merge-patch.ts';
import { inWords } from '../operators/scalar.ts';
import type { Mistake } from '../../documents/document.ts';
import type { Resource } from '../../model/resource.ts';

/** Judges every example of a rule by the rule, and every failing one again after the rule's own patch. */
export function checkExamples(rule: Rule): readonly Mistake[] {
  const compiled = compileRule(rule, {});
  const { pass, fail, notApplicable } = rule.examples;
  return [
    ...contradictions(compiled, 'pass', pass),
    ...contradictions(compiled, 'fail', fail),
    ...contradictions(compiled, 'notApplicable', notApplicable),
    ...unfixedExamples(compiled, fail),
  ];
}

const verdicts: Readonly<Record<keyof Examples, Verdict>> = {
  pass: 'compliant',
  fail: 'nonCompliant',
  notApplicable: 'notApplicable',
};

const inText: Readonly<Record<Verdict, string>> = {
  compliant: 'pass',
  nonCompliant: 'fail',
  notApplicable: 'be one to which the rule does not apply',
  unknown: 'be unknown',
};

const found: Readonly<Record<Verdict, string>> = {
  compliant: 'it passes',
  nonCompliant: 'it fails',
  notApplicable: '`when` leaves it out',
  unknown: 'it is unknown',
};

function contradictions(
  compiled: CompiledRule,
  kind: keyof Examples,
  bodies: readonly JsonObject[],
): readonly Mistake[] {
  const wanted = verdicts[kind];
  return bodies.flatMap((body, index) => {
    const resource = resourceOf(compiled, body);
    if (!compiled.appliesTo(resource.type)) {
      const message = `this example is a ${resource.type}, to which the rule does not apply`;
      return [{ path: ['examples', kind, index], message }];
    }
    const verdict = judge(compiled, resource);
    if (verdict === wanted) return [];
    const why = verdict === 'notApplicable' ? '' : reasons(compiled, body);
    return [
      {
        path: ['examples', kind, index],
        message: `this example should ${inText[wanted]}, but ${found[verdict]}${why}`,
      },
    ];
  });
}

function unfixedExamples(compiled: CompiledRule, bodies: readonly JsonObject[]): readonly Mistake[] {
  const patch = compiled.rule.remediation?.patch;
  if (patch === undefined) return [];
  return bodies.flatMap((body, index) => {
    if (judge(compiled, resourceOf(compiled, body)) !== 'nonCompliant') return [];
    const fixed = mergePatch(body, patch);
    const verdict = judge(compiled, resourceOf(compiled, fixed));
    if (verdict === 'compliant') return [];
    const why = verdict === 'nonCompliant' ? reasons(compiled, fixed) : '';
    const message = `the patch does not fix this example: afterwards ${found[verdict]}${why}`;
    return [{ path: ['examples', 'fail', index], message }];
  });
}

function resourceOf({ rule }: CompiledRule, body: JsonObject) {
  return exampleResource(rule.resourceTypes[0] ?? '', body);
}

function reasons(compiled: CompiledRule, body: JsonObject): string {
  const facts = decisiveEvidence(compiled, resourceOf(compiled, body));
  const words = evidenceSentences(facts, { field: (path) => path, value: inWords }).slice(0, 3);
  return words.length === 0 ? '' : ` (${words.join('; ')})`;
}

/** A resource of which only `body` is known, such as an example in a rule; `type` is its type unless the body says. */
function exampleResource(type: string, body: JsonObject): Resource {
  return {
    id: textOf(body['id']),
    name: textOf(body['name']),
    type: textOf(body['type'], type),
    subscriptionId: textOf(body['subscriptionId']),
    resourceGroup: textOf(body['resourceGroup']),
    location: textOf(body['location']),
    tags: tagsOf(body['tags']),
    body,
    gaps: [],
  };
}

function textOf(value: Json | undefined, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}

function tagsOf(value: Json | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(isJsonObject(value) ? value : {});
  return Object.fromEntries(entries.map(([key, tag]) => [key, textOf(tag)]));
}
