/** Azure's clouds, by the names that the Azure CLI gives them. */
export const clouds = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const;

/** One of Azure's clouds. */
export type Cloud = (typeof clouds)[number];
