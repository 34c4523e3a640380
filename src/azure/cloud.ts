/** The clouds that `--cloud` knows, in the spelling of `az cloud list`. */
export const cloudNames = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const;

export type CloudName = (typeof cloudNames)[number];

/** The public addresses of one Azure cloud. Scopes are what a token is asked for. */
export interface Cloud {
  readonly name: CloudName;
  readonly armEndpoint: string;
  readonly armScope: string;
  readonly authorityHost: string;
  /** What follows a vault's name in its host name, with the leading dot. */
  readonly vaultSuffix: string;
  readonly vaultScope: string;
  readonly hsmSuffix: string;
}

/**
 * Source: the cloud settings of azure-cli (`azure/cli/core/cloud.py`) and `AzureAuthorityHosts` of `@azure/identity`.
 */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  AzureCloud: {
    name: 'AzureCloud',
    armEndpoint: 'https://management.azure.com',
    armScope: 'https://management.azure.com/.default',
    authorityHost: 'https://login.microsoftonline.com',
    vaultSuffix: '.vault.azure.net',
    vaultScope: 'https://vault.azure.net/.default',
    hsmSuffix: '.managedhsm.azure.net',
  },
  AzureUSGovernment: {
    name: 'AzureUSGovernment',
    armEndpoint: 'https://management.usgovcloudapi.net',
    armScope: 'https://management.usgovcloudapi.net/.default',
    authorityHost: 'https://login.microsoftonline.us',
    vaultSuffix: '.vault.usgovcloudapi.net',
    vaultScope: 'https://vault.usgovcloudapi.net/.default',
    hsmSuffix: '.managedhsm.usgovcloudapi.net',
  },
  AzureChinaCloud: {
    name: 'AzureChinaCloud',
    armEndpoint: 'https://management.chinacloudapi.cn',
    armScope: 'https://management.chinacloudapi.cn/.default',
    authorityHost: 'https://login.chinacloudapi.cn',
    vaultSuffix: '.vault.azure.cn',
    vaultScope: 'https://vault.azure.cn/.default',
    hsmSuffix: '.managedhsm.azure.cn',
  },
};
