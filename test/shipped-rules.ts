import { shippedRules as shipped } from '../src/files/shipped-rules.ts';
import type { Json } from '../src/model/json.ts';
import type { CompiledRule } from '../src/rules/condition/compiled.ts';
import { compileRule } from '../src/rules/evaluate.ts';

/** The rules that ship with purgeproof, compiled; all of them, or only those named. */
export function shippedRules(
  ids: readonly string[] = [],
  parameters: Readonly<Record<string, Json>> = {},
): readonly CompiledRule[] {
  return shipped
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .map((rule) => compileRule(rule, parameters));
}
