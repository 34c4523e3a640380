import type { Rule } from '../model/rule.ts';
import { resourceTypes } from '../model/resource.ts';

/** The newest stable version of the control plane; every older one retires on 2027-02-27. */
const apiVersion = '2026-02-01';

/**
 * The Azure CLI command that makes a rule's change and nothing else, or `undefined` where no write mends it.
 * `az keyvault update` is not used: it reads the vault and puts it back whole, and so undoes what others change
 * meanwhile.
 */
export function fixCommand({ remediation, resourceTypes: types }: Rule): string | undefined {
  if (remediation?.patch === undefined) return undefined;
  const provider = types[0] ?? resourceTypes.vault;
  const id = `/subscriptions/<subscription>/resourceGroups/<group>/providers/${provider}/<name>`;
  return [
    'az rest --method patch \\',
    `  --url "https://management.azure.com${id}?api-version=${apiVersion}" \\`,
    `  --body '${JSON.stringify(remediation.patch)}'`,
  ].join('\n');
}
