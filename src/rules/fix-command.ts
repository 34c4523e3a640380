import { isJsonObject } from '../model/json.ts';
import type { Rule } from '../model/rule.ts';
import { knownType } from '../resource-types/known-type.ts';

/**
 * The Azure CLI command that makes a rule's change and nothing else, or `undefined` where no write fixes it.
 * `az keyvault update` is not used: it reads the vault and puts it back whole, and so undoes what others change
 * meanwhile. A change inside an object has no command: ARM replaces the object whole, and the rest of it is the vault's
 * own; `purgeproof plan` sends it complete.
 */
export function fixCommand({ remediation, resourceTypes: types }: Rule): string | undefined {
  const patch = remediation?.patch;
  if (patch === undefined || !isJsonObject(patch['properties'])) return undefined;
  if (Object.values(patch['properties']).some((value) => typeof value === 'object')) return undefined;
  const known = knownType(types[0] ?? '');
  if (known === undefined) return undefined;
  const id = `/subscriptions/<subscription>/resourceGroups/<group>/providers/${known.type}/<name>`;
  return [
    'az rest --method patch \\',
    `  --url "https://management.azure.com${id}?api-version=${known.apiVersion}" \\`,
    `  --body '${JSON.stringify(patch)}'`,
  ].join('\n');
}
