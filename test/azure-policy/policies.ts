import type { Problem } from '../../src/model/errors.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Rule } from '../../src/model/rule.ts';
import type { CheckedRules } from '../../src/rules/load/rules.ts';
import { compileRule, judge, type Verdict } from '../../src/rules/evaluate.ts';
import { checkPolicyFiles } from '../../src/usecases/settings/user-files.ts';

/** The type of vaults, in Azure's own spelling. */
export const vaults = 'Microsoft.KeyVault/vaults';

/** The type of managed HSMs, in Azure's own spelling. */
export const hsms = 'Microsoft.KeyVault/managedHSMs';

/** A definition of Azure Policy as a file holds it. */
export function definitionOf(condition: Json, others: JsonObject = {}): JsonObject {
  const { effect = 'audit', name = 'a-definition', ...properties } = others;
  return {
    name,
    properties: { mode: 'Indexed', ...properties, policyRule: { if: condition, then: { effect } } },
  };
}

/** The condition of a definition about resources of a type. */
export function about(type: string, ...conditions: readonly Json[]): JsonObject {
  return { allOf: [{ field: 'type', equals: type }, ...conditions] };
}

/** Loads files that are given by name, as `--policies` does. */
export function loadPolicies(files: Readonly<Record<string, Json>>): CheckedRules {
  return checkPolicyFiles(
    Object.entries(files).map(([file, value]) => ({
      file,
      bytes: new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
      builtIn: false,
    })),
    { shipped: [] },
  );
}

/** The rule of a single definition. Fails the test where anything is wrong with it. */
export function ruleOf(definition: Json): Rule {
  const { rules, problems } = loadPolicies({ 'policy.json': definition });
  const [rule] = rules;
  if (problems.length > 0 || rule === undefined) throw new Error(wordsOf(problems).join('\n') || 'no rule');
  return rule;
}

/** Problems by their places and messages. */
export function wordsOf(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** A resource of a body; properties alone make a vault. */
export function resourceOf(body: JsonObject, gaps: readonly string[] = []): Resource {
  const { type = vaults } = body;
  const id = '/subscriptions/s/resourceGroups/g/providers/x/y/kv';
  const whole = {
    id,
    name: 'kv',
    type,
    location: 'westeurope',
    resourceGroup: 'g',
    subscriptionId: 's',
    ...body,
  };
  return {
    id,
    name: whole.name,
    type: typeof type === 'string' ? type : vaults,
    subscriptionId: 's',
    resourceGroup: 'g',
    location: 'westeurope',
    tags: {},
    body: whole,
    gaps,
  };
}

/** The verdict of a definition, or of its rule, on a body. */
export function verdictOf(
  policy: Json | Rule,
  body: JsonObject,
  {
    parameters = {},
    gaps = [],
  }: { parameters?: Readonly<Record<string, Json>>; gaps?: readonly string[] } = {},
): Verdict {
  const rule = isRule(policy) ? policy : ruleOf(policy);
  return judge(compileRule(rule, parameters), resourceOf(body, gaps));
}

function isRule(policy: Json | Rule): policy is Rule {
  return typeof policy === 'object' && policy !== null && 'require' in policy && 'builtIn' in policy;
}
