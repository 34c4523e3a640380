import { evaluate } from '../evaluation/evaluate.ts';
import { patternOf } from '../evaluation/value.ts';
import { scopeOf } from '../instance.ts';
import { emptyProgram } from '../program.ts';
import type { Expression } from '../syntax/expression.ts';
import type { Template } from '../template.ts';
import { vaultTypeOf } from '../vault-type.ts';

/**
 * The resource type that azapi's `type` comes to with the names of its module, such as `local.vault_type`; `undefined`
 * where it depends on more than those. Its version need not be known.
 */
export function resourceTypeIn(type: Expression | undefined, names: Template): string | undefined {
  if (type === undefined) return undefined;
  const evaluation = { program: emptyProgram, budget: { steps: 1000, depth: 0 }, libraries: new Map() };
  const scope = scopeOf({ template: names, arguments: new Map(), open: true }, evaluation);
  const [only, ...others] = evaluate(type, scope);
  const [text] = only === undefined || others.length > 0 ? [] : patternOf(only);
  return typeof text === 'string' && text.includes('@') ? vaultTypeOf(text) : undefined;
}
