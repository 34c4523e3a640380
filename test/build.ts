import type { Condition, Rule } from '../src/model/rule.ts';
import type { JsonObject } from '../src/model/json.ts';
import type { Plan } from '../src/model/plan.ts';
import type { Resource } from '../src/model/resource.ts';
import { managedHsm } from '../src/resource-types/managed-hsm.ts';
import { vault } from '../src/resource-types/vault.ts';
import { planFormats } from '../src/reporters/plan/formats.ts';

export const subscriptionId = '11111111-1111-1111-1111-111111111111';

/** A vault with these properties; `rest` replaces anything else of the resource. */
export function aVault(properties: JsonObject, rest: Partial<Resource> = {}): Resource {
  return aResource(vault.type, properties, rest);
}

/** A managed HSM with these properties. */
export function anHsm(properties: JsonObject, rest: Partial<Resource> = {}): Resource {
  return aResource(managedHsm.type, properties, rest);
}

function aResource(type: string, properties: JsonObject, rest: Partial<Resource>): Resource {
  const name = rest.name ?? 'kv-payments';
  const subscription = rest.subscriptionId ?? subscriptionId;
  const id = rest.id ?? `/subscriptions/${subscription}/resourceGroups/rg-payments/providers/${type}/${name}`;
  const tags = rest.tags ?? {};
  return {
    id,
    name,
    type,
    subscriptionId: subscription,
    resourceGroup: 'rg-payments',
    location: 'westeurope',
    tags,
    gaps: [],
    body: { id, name, type, location: 'westeurope', tags, properties },
    ...rest,
  };
}

/** A rule on vaults that requires `require`. */
export function aRule(require: Condition, rest: Partial<Rule> = {}): Rule {
  return {
    id: 'ORG001',
    name: 'a-rule',
    title: 'Something holds',
    description: 'Why it matters.',
    severity: 'medium',
    resourceTypes: [vault.type],
    require,
    parameters: {},
    unset: {},
    controls: {},
    references: [],
    examples: { pass: [], fail: [], notApplicable: [], unknown: [] },
    location: { file: 'rules/org001.yaml', line: 1, column: 1 },
    builtIn: false,
    ...rest,
  };
}

/** The text of a plan file. */
export function planFileText(plan: Plan): string {
  return [...planFormats.json.render(plan, { terminal: { color: false, width: 80 }, gaps: [] })].join('');
}
