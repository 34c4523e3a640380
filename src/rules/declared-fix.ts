import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { managedHsm } from '../resource-types/managed-hsm.ts';
import { vault } from '../resource-types/vault.ts';
import type { Rule } from '../model/rule.ts';
import { apiVersion } from './fix-command.ts';

/** A rule's fix as infrastructure code; a language is absent where the fix cannot be declared in it. */
export interface DeclaredFix {
  readonly bicep?: string;
  readonly terraform?: string;
}

/** The change of a rule's patch as Bicep and Terraform declare it. */
export function declaredFix({ remediation, resourceTypes: types }: Rule): DeclaredFix {
  const patch = remediation?.patch;
  const type = types[0];
  if (patch === undefined || type === undefined) return {};
  const terraform = terraformLines(type, patch);
  return {
    bicep: [`resource vault '${type}@${apiVersion}' = {`, ...bicepLines(patch, '  '), '}'].join('\n'),
    ...(terraform.length === 0 ? {} : { terraform: terraform.join('\n') }),
  };
}

function bicepLines(body: JsonObject, indent: string): readonly string[] {
  return Object.entries(body).flatMap(([key, value]) => {
    if (!isJsonObject(value)) return `${indent}${key}: ${literal(value ?? null, "'")}`;
    return [`${indent}${key}: {`, bicepLines(value, `${indent}  `), `${indent}}`].flat();
  });
}

/**
 * Arguments of the azurerm provider, version 4, by ARM property. Soft delete has none: the provider leaves it on.
 * Source: hashicorp/terraform-provider-azurerm, internal/services/keyvault/key_vault_resource.go
 */
const terraformArguments: Readonly<Record<string, string>> = {
  enablePurgeProtection: 'purge_protection_enabled',
  enableRbacAuthorization: 'rbac_authorization_enabled',
};

const terraformResources: Readonly<Record<string, string>> = {
  [vault.type]: 'azurerm_key_vault',
  [managedHsm.type]: 'azurerm_key_vault_managed_hardware_security_module',
};

function terraformLines(type: string, { properties }: JsonObject): readonly string[] {
  const resource = terraformResources[type];
  const lines = Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([key, value]) => {
    if (key === 'networkAcls' && isJsonObject(value)) return networkLines(value);
    const argument = terraformArguments[key];
    return argument === undefined ? [] : [`  ${argument} = ${literal(value ?? null, '"')}`];
  });
  return resource === undefined || lines.length === 0
    ? []
    : [`resource "${resource}" "vault" {`, ...lines, '}'];
}

/** The block needs both of its arguments. */
function networkLines({ defaultAction, bypass }: JsonObject): readonly string[] {
  return [
    '  network_acls {',
    `    bypass         = ${literal(bypass ?? 'AzureServices', '"')}`,
    `    default_action = ${literal(defaultAction ?? 'Deny', '"')}`,
    '  }',
  ];
}

function literal(value: Json, quote: string): string {
  return typeof value === 'string' ? `${quote}${value}${quote}` : JSON.stringify(value);
}
