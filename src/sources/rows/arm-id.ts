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
  return partsOfPlainId(id) ?? partsOf(id);
}

/** The parts of a resource in a resource group that is inside of no other, as nearly every id is: without an expression. */
function partsOfPlainId(id: string): ArmId | undefined {
  const segments = id.split('/');
  if (segments.length !== 9) return undefined;
  const [, first = '', subscriptionId = '', third = '', resourceGroup = '', fifth = ''] = segments;
  const [namespace = '', type = '', name = ''] = segments.slice(6);
  const isPlain =
    isWord(first, 'subscriptions') &&
    isWord(third, 'resourcegroups') &&
    isWord(fifth, 'providers') &&
    !isWord(namespace, 'providers') &&
    !isWord(type, 'providers') &&
    ![subscriptionId, resourceGroup, namespace, type].includes('');
  return isPlain ? { subscriptionId, resourceGroup, type: `${namespace}/${type}`, name } : undefined;
}

function isWord(segment: string, word: string): boolean {
  return segment.length === word.length && segment.toLowerCase() === word;
}

function partsOf(id: string): ArmId {
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
