/** What takes the place of a key of the configuration file on the command line, and what holds where nobody sets it. */
export interface ConfigurationKey {
  readonly default: string;
  /** The flag, and how it goes together with the file. */
  readonly flag: string;
}

const scope = 'any of `--subscription`, `--management-group`, `--inventory` replaces all three keys';

/** Every key of a configuration file. */
export const configurationKeys: Readonly<Record<string, ConfigurationKey>> = {
  extends: { default: 'none', flag: '' },
  subscriptions: { default: 'every one that you can see', flag: scope },
  managementGroups: { default: 'none', flag: scope },
  resourceGroups: { default: 'all', flag: '`--resource-group` replaces it' },
  vaults: { default: 'all', flag: '`--vault` replaces it' },
  tags: { default: 'any', flag: '`--tag` replaces it' },
  inventory: { default: 'none: Azure is scanned', flag: scope },
  inventoryComplete: {
    default: '`false`',
    flag: '`--inventory-complete` makes it true; another `--inventory` leaves it behind',
  },
  include: { default: 'none', flag: '`--include` replaces it; another `--inventory` leaves it behind' },
  policies: { default: 'none', flag: '`--policies` adds to it' },
  defaultPolicies: { default: '`true`', flag: '`--no-default-policies` makes it false' },
  rules: { default: 'all', flag: '`--rule` replaces it' },
  excludeRules: { default: 'none', flag: '`--exclude-rule` adds to it' },
  frameworks: { default: 'none', flag: '`--framework` replaces it' },
  parameters: { default: 'as each rule says', flag: '`--param`, value by value' },
  parametersByScope: { default: 'none', flag: '`--param` overrides every scope' },
  severities: { default: 'as each rule says', flag: '' },
  exemptions: { default: 'none', flag: '`--exemptions` replaces it' },
  azureExemptions: {
    default: '`false`',
    flag: '`--azure-exemptions` makes it true; an `--inventory` leaves it behind',
  },
  baseline: { default: 'none', flag: '`--baseline` replaces it' },
  archive: { default: 'none', flag: '`--archive` replaces it' },
  failOn: { default: '`low`', flag: '`--fail-on` replaces it' },
  failOnNew: { default: '`false`', flag: '`--fail-on-new` makes it true' },
  allowIncomplete: { default: '`false`', flag: '`--allow-incomplete` makes it true' },
  includeCompliant: { default: '`false`', flag: '`--include-compliant` makes it true' },
  cloud: { default: '`AzureCloud`', flag: '`--cloud` replaces it' },
  tenant: { default: 'that of the sign-in', flag: '`--tenant` replaces it' },
  requestTimeout: {
    default: '`10m`',
    flag: '`--request-timeout` replaces it; `apply` takes only the flag',
  },
  vaultTimeout: { default: '`10s`', flag: '`--vault-timeout` replaces it' },
  output: { default: '`[table]`', flag: '`--output` replaces it' },
  deleted: { default: '`{ purge: allowed }`', flag: '' },
  writes: { default: 'no limits but those of flags', flag: '' },
};
