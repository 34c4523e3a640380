import { shippedRules as shipped } from '../src/files/shipped-rules.ts';
import type { Json } from '../src/model/json.ts';
import type { CompiledRule } from '../src/rules/condition/compiled.ts';
import type { Rule } from '../src/model/rule.ts';
import { compileRule } from '../src/rules/evaluate.ts';
import { missingFacts, readableBy } from '../src/usecases/scan/not-judged.ts';

/** The rules that ship with purgeproof, compiled: those named, or all that need no facts beside the body of a resource. */
export function shippedRules(
  ids: readonly string[] = [],
  parameters: Readonly<Record<string, Json>> = {},
): readonly CompiledRule[] {
  return shipped
    .filter((rule) => (ids.length === 0 ? !readsFacts(rule) : ids.includes(rule.id)))
    .map((rule) => compileRule(rule, parameters));
}

function readsFacts(rule: Rule): boolean {
  const nothing = readableBy([]);
  return rule.resourceTypes.some((type) => missingFacts(rule, type, nothing).length > 0);
}
