/** The parts of an ARM resource id. A part that the id does not have is an empty string. */
export interface ArmId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Provider and type segments, such as `Microsoft.KeyVault/vaults`, as spelled in the id. */
  readonly type: string;
  readonly name: string;
}

const subscriptionOf = /^\/subscriptions\/([^/]+)/i;
const resourceGroupOf = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i;

/** Takes an ARM id apart; `undefined` when the text is not one. Of several providers the last one names the type. */
export function parseArmId(id: string): ArmId | undefined {
  if (!id.startsWith('/') || id.endsWith('/')) return undefined;
  const provider = id.toLowerCase().lastIndexOf('/providers/');
  const segments = provider === -1 ? [] : id.slice(provider + '/providers/'.length).split('/');
  const [namespace = '', ...rest] = segments;
  return {
    subscriptionId: subscriptionOf.exec(id)?.[1] ?? '',
    resourceGroup: resourceGroupOf.exec(id)?.[1] ?? '',
    type: [namespace, ...rest.filter((_, index) => index % 2 === 0)].filter(Boolean).join('/'),
    name: id.slice(id.lastIndexOf('/') + 1),
  };
}
