import type { Cloud } from '../../model/cloud.ts';
import type { FindingResource } from '../../model/finding.ts';

/** Source: https://learn.microsoft.com/azure/azure-portal/azure-portal-safelist-urls */
const portals: Readonly<Record<Cloud, string>> = {
  AzureCloud: 'https://portal.azure.com',
  AzureUSGovernment: 'https://portal.azure.us',
  AzureChinaCloud: 'https://portal.azure.cn',
};

/** The id of a vault or managed HSM as Azure writes it: the portal has a page for nothing else. */
const livingId =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w.()-]{1,90}\/providers\/Microsoft\.KeyVault\/(?:vaults|managedHSMs)\/[a-z0-9-]{3,24}$/i;

/** The address of a resource in the portal of its cloud; empty where it has none, or the cloud is not known. */
export function portalAddress({ id }: FindingResource, cloud: Cloud | undefined): string {
  if (cloud === undefined || !livingId.test(id)) return '';
  return `${portals[cloud]}/#resource${id.replaceAll('(', '%28').replaceAll(')', '%29')}`;
}
