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

/**
 * The parts of a resource in a resource group that is inside of no other, as nearly every id is: without an expression, and
 * without a list of what is between the slashes.
 */
function partsOfPlainId(id: string): ArmId | undefined {
  const subscription = afterWord(id, 0, '/subscriptions/');
  const group = afterWord(id, id.indexOf('/', subscription), '/resourceGroups/');
  const namespace = afterWord(id, id.indexOf('/', group), '/providers/');
  const type = id.indexOf('/', namespace) + 1;
  const name = id.indexOf('/', type) + 1;
  if (subscription * group * namespace * type * name === 0 || id.includes('/', name)) return undefined;
  const subscriptionId = id.slice(subscription, group - '/resourceGroups/'.length);
  const resourceGroup = id.slice(group, namespace - '/providers/'.length);
  const isEmpty = subscriptionId === '' || resourceGroup === '' || type - namespace < 2 || name - type < 2;
  const isInside = afterWord(id, namespace - 1, '/providers/') + afterWord(id, type - 1, '/providers/') > 0;
  return isEmpty || isInside
    ? undefined
    : { subscriptionId, resourceGroup, type: id.slice(namespace, name - 1), name: id.slice(name) };
}

/** The index after a word that stands at an index in any letter case; 0 where it does not. */
function afterWord(id: string, at: number, word: string): number {
  if (at < 0) return 0;
  const end = at + word.length;
  return id.startsWith(word, at) || id.slice(at, end).toLowerCase() === word.toLowerCase() ? end : 0;
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
