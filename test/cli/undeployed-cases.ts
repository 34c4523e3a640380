/** A deployment that is not there yet: its files, the flags that scan it, and the verdicts that are right. */
export interface UndeployedCase {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
  /** AKV001, AKV002, AKV003 and AKV006. */
  readonly verdicts: readonly [Verdict, Verdict, Verdict, Verdict];
}

export type Verdict = 'pass' | 'fail' | 'unknown';

const [pass, fail, unknown] = ['pass', 'fail', 'unknown'] as const;

/** A Bicep file with one vault, whose properties are given as Bicep. */
export function bicepVault(properties: string, before = ''): string {
  return `${before}
resource ledger 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-ledger-qa'
  location: resourceGroup().location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
${properties}
  }
}
`;
}

/** An ARM template with one vault, of JSON properties. */
export function armVault(properties: object, rest: object = {}): string {
  const resource = {
    type: 'Microsoft.KeyVault/vaults',
    apiVersion: '2023-07-01',
    name: 'kv-ledger-qa',
    location: '[resourceGroup().location]',
    properties: {
      tenantId: '[subscription().tenantId]',
      sku: { family: 'A', name: 'standard' },
      ...properties,
    },
  };
  return armTemplate([resource], rest);
}

/** An ARM template with these resources. */
export function armTemplate(resources: object, rest: object = {}): string {
  const schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  return JSON.stringify({ $schema: schema, contentVersion: '1.0.0.0', ...rest, resources }, undefined, 2);
}

/** A Terraform module with one vault of the provider azurerm. */
export function terraformVault(attributes: string, before = ''): string {
  return `${before}
resource "azurerm_key_vault" "ledger" {
  name                = "kv-ledger-qa"
  location            = "northeurope"
  resource_group_name = "rg-ledger"
  tenant_id           = "11111111-1111-1111-1111-111111111111"
  sku_name            = "standard"
${attributes}
}
`;
}

const closed = "    networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' }";
const closedAcls = { bypass: 'AzureServices', defaultAction: 'Deny' };
const closedBlock =
  '  network_acls {\n    bypass         = "AzureServices"\n    default_action = "Deny"\n  }';

const bicep: readonly UndeployedCase[] = [
  {
    what: 'Bicep: nothing is written',
    files: { 'main.bicep': bicepVault('') },
    flags: ['--bicep', 'main.bicep'],
    verdicts: [pass, fail, pass, fail],
  },
  {
    what: 'Bicep: purge protection, and a firewall',
    files: { 'main.bicep': bicepVault(`    enablePurgeProtection: true\n${closed}`) },
    flags: ['--bicep', 'main.bicep'],
    verdicts: [pass, pass, pass, pass],
  },
  {
    what: 'Bicep: soft delete is turned off, seven days',
    files: { 'main.bicep': bicepVault('    enableSoftDelete: false\n    softDeleteRetentionInDays: 7') },
    flags: ['--bicep', 'main.bicep'],
    verdicts: [fail, fail, fail, fail],
  },
  {
    what: 'Bicep: parameters without defaults',
    files: {
      'main.bicep': bicepVault(
        `    enablePurgeProtection: protect ? true : null\n    softDeleteRetentionInDays: days\n${closed}`,
        'param protect bool\nparam days int\n',
      ),
    },
    flags: ['--bicep', 'main.bicep'],
    verdicts: [pass, unknown, unknown, pass],
  },
  {
    what: 'Bicep: a parameter file gives them',
    files: {
      'main.bicep': bicepVault(
        `    enablePurgeProtection: protect\n    softDeleteRetentionInDays: days\n${closed}`,
        'param protect bool\nparam days int\n',
      ),
      'qa.bicepparam': "using 'main.bicep'\nparam protect = true\nparam days = 30\n",
    },
    flags: ['--bicep', 'main.bicep', '--parameters', 'qa.bicepparam'],
    verdicts: [pass, pass, fail, pass],
  },
  {
    what: 'Bicep: the caller of a module overrides its defaults',
    files: {
      'main.bicep':
        "module m 'modules/vault.bicep' = {\n  name: 'm'\n  params: { protect: false, days: 90 }\n}\n",
      'modules/vault.bicep': bicepVault(
        `    enablePurgeProtection: protect ? true : null\n    softDeleteRetentionInDays: days\n${closed}`,
        'param protect bool = true\nparam days int = 7\n',
      ),
    },
    flags: ['--bicep', 'main.bicep'],
    verdicts: [pass, fail, pass, pass],
  },
  {
    what: 'Bicep: the properties are spread from something unknown',
    files: {
      'main.bicep': bicepVault('    ...extra\n    enablePurgeProtection: true', 'param extra object\n'),
    },
    flags: ['--bicep', 'main.bicep'],
    verdicts: [unknown, unknown, unknown, unknown],
  },
];

const arm: readonly UndeployedCase[] = [
  {
    what: 'ARM: nothing is written',
    files: { 'main.json': armVault({}) },
    flags: ['--template', 'main.json'],
    verdicts: [pass, fail, pass, fail],
  },
  {
    what: 'ARM: all is set well, the flag as text',
    files: {
      'main.json': armVault({
        enableSoftDelete: true,
        enablePurgeProtection: 'true',
        softDeleteRetentionInDays: 90,
        networkAcls: closedAcls,
      }),
    },
    flags: ['--template', 'main.json'],
    verdicts: [pass, pass, pass, pass],
  },
  {
    what: 'ARM: parameters without defaults',
    files: {
      'main.json': armVault(
        {
          enablePurgeProtection: "[parameters('protect')]",
          softDeleteRetentionInDays: "[parameters('days')]",
          networkAcls: closedAcls,
        },
        { parameters: { protect: { type: 'bool' }, days: { type: 'int' } } },
      ),
    },
    flags: ['--template', 'main.json'],
    verdicts: [pass, unknown, unknown, pass],
  },
  {
    what: 'ARM: null is unset, as compiled modules write it',
    files: {
      'main.json': armVault(
        {
          enablePurgeProtection: "[if(parameters('protect'), parameters('protect'), null())]",
          publicNetworkAccess:
            "[if(not(empty(parameters('access'))), parameters('access'), if(empty(coalesce(parameters('acls'), createObject())), 'Disabled', null()))]",
        },
        {
          languageVersion: '2.0',
          parameters: {
            protect: { type: 'bool', defaultValue: false },
            access: { type: 'string', defaultValue: '' },
            acls: { type: 'object', nullable: true },
          },
        },
      ),
    },
    flags: ['--template', 'main.json'],
    verdicts: [pass, fail, pass, pass],
  },
  {
    what: 'ARM: a nested deployment of inner scope takes its parameters, language version 2.0',
    files: {
      'main.json': armTemplate(
        {
          known: {
            existing: true,
            type: 'Microsoft.KeyVault/vaults',
            apiVersion: '2023-07-01',
            name: 'kv-other',
          },
          inner: {
            type: 'Microsoft.Resources/deployments',
            apiVersion: '2022-09-01',
            name: 'inner',
            properties: {
              mode: 'Incremental',
              expressionEvaluationOptions: { scope: 'Inner' },
              parameters: { days: { value: 7 } },
              template: JSON.parse(
                armVault(
                  {
                    enablePurgeProtection: true,
                    softDeleteRetentionInDays: "[parameters('days')]",
                    networkAcls: closedAcls,
                  },
                  { parameters: { days: { type: 'int', defaultValue: 90 } } },
                ),
              ),
            },
          },
        },
        { languageVersion: '2.0' },
      ),
    },
    flags: ['--template', 'main.json'],
    verdicts: [pass, pass, fail, pass],
  },
  {
    what: 'ARM: a parameter file overrides a default',
    files: {
      'main.json': armVault(
        { enablePurgeProtection: "[parameters('protect')]", networkAcls: closedAcls },
        { parameters: { protect: { type: 'bool', defaultValue: false } } },
      ),
      'qa.json': JSON.stringify({ parameters: { protect: { value: true } } }),
    },
    flags: ['--template', 'main.json', '--parameters', 'qa.json'],
    verdicts: [pass, pass, pass, pass],
  },
];

const terraform: readonly UndeployedCase[] = [
  {
    what: 'Terraform: nothing is written',
    files: { 'main.tf': terraformVault('') },
    flags: ['--source', '.'],
    verdicts: [pass, fail, pass, fail],
  },
  {
    what: 'Terraform: purge protection, and a firewall',
    files: { 'main.tf': terraformVault(`  purge_protection_enabled = true\n${closedBlock}`) },
    flags: ['--source', '.'],
    verdicts: [pass, pass, pass, pass],
  },
  {
    what: 'Terraform: variables without defaults',
    files: {
      'main.tf': terraformVault(
        `  purge_protection_enabled   = var.protect\n  soft_delete_retention_days = var.days\n${closedBlock}`,
        'variable "protect" {}\nvariable "days" {}\n',
      ),
    },
    flags: ['--source', '.'],
    verdicts: [pass, unknown, unknown, pass],
  },
  {
    what: 'Terraform: variables, of which one is overridden',
    files: {
      'main.tf': terraformVault(
        `  purge_protection_enabled   = var.protect\n  soft_delete_retention_days = var.days\n${closedBlock}`,
        'variable "protect" {\n  default = true\n}\nvariable "days" {\n  default = 90\n}\n',
      ),
      'terraform.tfvars': 'days = 30\n',
    },
    flags: ['--source', '.'],
    verdicts: [pass, pass, fail, pass],
  },
  {
    what: 'Terraform: the names of old versions, and no public access',
    files: {
      'main.tf': terraformVault(
        '  soft_delete_enabled = false\n  purge_protection_enabled = true\n  public_network_access_enabled = false',
      ),
    },
    flags: ['--source', '.'],
    verdicts: [fail, pass, pass, pass],
  },
  {
    what: 'Terraform: a dynamic block over something unknown',
    files: {
      'main.tf': terraformVault(
        '  purge_protection_enabled = true\n  dynamic "network_acls" {\n    for_each = var.acls\n    content {\n      bypass         = "None"\n      default_action = "Deny"\n    }\n  }',
        'variable "acls" {}\n',
      ),
    },
    flags: ['--source', '.'],
    verdicts: [pass, pass, pass, unknown],
  },
  {
    what: 'Terraform: azapi with its body as an object',
    files: {
      'main.tf': `resource "azapi_resource" "ledger" {
  type      = "Microsoft.KeyVault/vaults@2023-07-01"
  name      = "kv-ledger-qa"
  parent_id = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-ledger"
  location  = "northeurope"
  body = {
    properties = {
      softDeleteRetentionInDays = 30
      networkAcls               = { bypass = "AzureServices", defaultAction = "Deny" }
    }
  }
}
`,
    },
    flags: ['--source', '.'],
    verdicts: [pass, fail, fail, pass],
  },
  {
    what: 'Terraform: azapi with its body as text',
    files: {
      'main.tf': `variable "protect" {}
resource "azapi_resource" "ledger" {
  type     = "Microsoft.KeyVault/vaults@2023-07-01"
  name     = "kv-ledger-qa"
  location = "northeurope"
  body = jsonencode({
    properties = {
      enablePurgeProtection = var.protect
      publicNetworkAccess   = "Disabled"
    }
  })
}
`,
    },
    flags: ['--source', '.'],
    verdicts: [pass, unknown, pass, pass],
  },
];

/** Every language, with each kind of verdict. */
export const undeployedCases: readonly UndeployedCase[] = [...bicep, ...arm, ...terraform];
