import { wholly } from '../../src/iac/piecewise.ts';
import type { DeclaredVault } from '../../src/iac/programs/declared-vault.ts';
import { readDeclarations } from '../../src/iac/read-declarations.ts';
import { readDeployment } from '../../src/iac/read-deployment.ts';
import { readPlan } from '../../src/iac/terraform-plan/read-plan.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import { judge, type Verdict } from '../../src/rules/evaluate.ts';
import { isRowProblem, toResource } from '../../src/sources/rows/resource.ts';
import { declaredResources } from '../../src/sources/undeployed/code-source.ts';
import { shippedRules } from '../shipped-rules.ts';

/** The rules on vaults that read nothing but what a declaration shows. */
const rules = shippedRules(['AKV001', 'AKV002', 'AKV003', 'AKV004', 'AKV005', 'AKV006']);

/** Verdicts by the id of the rule. */
export type Verdicts = Readonly<Record<string, Verdict>>;

/** The verdicts on a resource. */
function verdictsOn(resource: Resource): Verdicts {
  return Object.fromEntries(rules.map((rule) => [rule.rule.id, judge(rule, resource)]));
}

/** The verdicts on a vault that is there with these properties, as an inventory shows it. */
export function verdictsOfLive(properties: JsonObject): Verdicts {
  const type = 'Microsoft.KeyVault/vaults';
  const id = `/subscriptions/s/resourceGroups/rg/providers/${type}/kv-live`;
  const read = toResource({ id, name: 'kv-live', type, location: 'westeurope', tags: {}, properties });
  if (isRowProblem(read)) throw new Error(read.problem);
  return verdictsOn(read);
}

export function verdictsOfAll(declarations: readonly DeclaredVault[]): readonly Verdicts[] {
  return declaredResources(declarations).map(verdictsOn);
}

/** The verdicts on each vault of an ARM template, with the values of a parameter file where there is one. */
export function verdictsOfTemplate(template: Json, values?: JsonObject): readonly Verdicts[] {
  const files = [{ path: 'main.json', text: JSON.stringify(template) }];
  const given = Object.entries(values ?? {}).map(([name, value]) => [name, { value }]);
  if (values !== undefined)
    files.push({ path: 'values.json', text: JSON.stringify({ parameters: Object.fromEntries(given) }) });
  const request = { template: 'main.json', parameters: values === undefined ? undefined : 'values.json' };
  const { declarations, problems } = wholly(readDeployment(files, request));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return verdictsOfAll(declarations);
}

/** The verdicts on each vault of a folder of code. */
export function verdictsOfFolder(files: Readonly<Record<string, string>>): readonly Verdicts[] {
  const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
  const { declarations, problems } = wholly(readDeclarations(texts, { judges: true }));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return verdictsOfAll(declarations);
}

/** The verdicts on each vault of a plan, and what the plan does not show. */
export function verdictsOfPlan(plan: Json): {
  readonly verdicts: readonly Verdicts[];
  readonly missing: readonly string[];
} {
  const { declarations, problems, missing } = readPlan({ path: 'plan.json', text: JSON.stringify(plan) });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return { verdicts: verdictsOfAll(declarations), missing };
}

/** True where every verdict that is certain is the one that is right. */
export function agrees(found: Verdicts | undefined, right: Verdicts): boolean {
  return (
    found !== undefined &&
    rules.every(({ rule: { id } }) => found[id] === 'unknown' || found[id] === right[id])
  );
}
