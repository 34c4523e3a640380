import type { Cloud } from '../model/cloud.ts';

/** The public addresses of one Azure cloud. Scopes are what a token is asked for. */
export interface CloudEndpoints {
  readonly name: Cloud;
  readonly armEndpoint: string;
  readonly armScope: string;
  readonly authorityHost: string;
  /** The end of every host of a data plane: `vault.azure.net`. */
  readonly vaultSuffix: string;
  readonly vaultScope: string;
}

/**
 * Source: the cloud settings of azure-cli (`azure/cli/core/cloud.py`) and `AzureAuthorityHosts` of `@azure/identity`.
 */
export const cloudEndpoints: Readonly<Record<Cloud, CloudEndpoints>> = {
  AzureCloud: {
    name: 'AzureCloud',
    armEndpoint: 'https://management.azure.com',
    armScope: 'https://management.azure.com/.default',
    authorityHost: 'https://login.microsoftonline.com',
    vaultSuffix: 'vault.azure.net',
    vaultScope: 'https://vault.azure.net/.default',
  },
  AzureUSGovernment: {
    name: 'AzureUSGovernment',
    armEndpoint: 'https://management.usgovcloudapi.net',
    armScope: 'https://management.usgovcloudapi.net/.default',
    authorityHost: 'https://login.microsoftonline.us',
    vaultSuffix: 'vault.usgovcloudapi.net',
    vaultScope: 'https://vault.usgovcloudapi.net/.default',
  },
  AzureChinaCloud: {
    name: 'AzureChinaCloud',
    armEndpoint: 'https://management.chinacloudapi.cn',
    armScope: 'https://management.chinacloudapi.cn/.default',
    authorityHost: 'https://login.chinacloudapi.cn',
    vaultSuffix: 'vault.azure.cn',
    vaultScope: 'https://vault.azure.cn/.default',
  },
};
