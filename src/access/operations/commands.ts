import { isJsonObject } from '../../model/json.ts';
import { listedTypes } from '../../model/kit.ts';
import {
  locksRead,
  type Operation,
  permissionsRead,
  policyAssignmentsRead,
  policyExemptionsRead,
  policySetsRead,
  roleAssignmentsRead,
  roleAssignmentsWrite,
  roleDefinitionsRead,
  resourceGroupsRead,
  subscriptionsRead,
} from '../../model/permission.ts';
import type { CoveragePartName } from '../../model/source-name.ts';
import { objectTypeNames } from '../../model/vault-plane.ts';
import {
  recycleBinTypes,
  readRight,
  scannedTypes,
  writeRight,
  binRights,
  purgeRight,
} from '../../resource-types/known-type.ts';
import { vault } from '../../resource-types/vault.ts';
import {
  below,
  evidence,
  following,
  typeWords,
  judgedTypes,
  listBins,
  listing,
  findGroups,
  limits,
  reading,
  showSubscriptions,
  type Work,
  dataAction,
} from './blocks.ts';
import { dependantCollections, dependantTypes } from '../../resource-types/dependants.ts';

/** Everything that a scan asks: its live types, and the parts that it includes. What is archived is read of every type. */
export function ofScan(work: Work): readonly Operation[] {
  const parts = work.include.flatMap((part) => partOperations[part] ?? []);
  return [
    ...readingEstate(work.archived ? scannedTypes : judgedTypes(work), work),
    ...(work.azureExemptions ? readingExemptions : []),
    ...parts,
  ];
}

/** Finds out what there is to count. */
export function ofInit(work: Work): readonly Operation[] {
  return readingEstate(scannedTypes, work);
}

/** Reads all that there is of some types, and shows that it is all. */
function readingEstate(types: readonly string[], work: Work): readonly Operation[] {
  return [
    showSubscriptions,
    ...below(work),
    ...findGroups(work),
    ...reading(types, 'Resource Graph'),
    ...evidence(types),
  ];
}

const readingExemptions: readonly Operation[] = [
  {
    what: 'read the exemptions of Azure Policy, and what they are exemptions from, in Resource Graph',
    actions: [policyExemptionsRead, policyAssignmentsRead, policySetsRead],
  },
  { what: 'show that the identity may read them', actions: [permissionsRead] },
];

const readingAccess: readonly Operation[] = [
  { what: 'read who holds which roles, in Resource Graph and ARM', actions: [roleAssignmentsRead] },
  { what: 'read what the roles grant', actions: [roleDefinitionsRead] },
  { what: 'show that the identity may read them', actions: [permissionsRead] },
  {
    what: 'read deny assignments',
    actions: [readRight('Microsoft.Authorization/denyAssignments')],
    otherwise: 'nothing is taken away, so that more people are named, and it says so',
  },
];

/** The operations of the parts that `--include` adds to a scan. */
const partOperations: Partial<Readonly<Record<CoveragePartName, readonly Operation[]>>> = {
  deleted: [listBins(recycleBinTypes)],
  access: readingAccess,
  objects: [
    ...reading([vault.type], 'Resource Graph and ARM'),
    { what: 'list keys, through ARM', actions: ['Microsoft.KeyVault/vaults/keys/read'] },
    {
      what: 'list secrets and certificates, live and deleted, and deleted keys',
      actions: [],
      ...listing(objectTypeNames),
    },
  ],
};

/** A scan, and what a plan looks at beside it. */
export function ofPlan(given: Work): readonly Operation[] {
  const work = { ...given, archived: false };
  const types = judgedTypes(work);
  return [
    ...ofScan(work),
    ...reading(types, 'ARM'),
    {
      what: 'see whether a lock would block a change',
      actions: [locksRead],
      otherwise: 'each step says that locks could not be read',
    },
  ];
}

/** The fixes that can be sent: to the types that have them, and to the permission model of vaults. */
export function ofApply(work: Work): readonly Operation[] {
  const { rules, disruptive } = work;
  const fixes = rules.flatMap(({ remediation, resourceTypes }) => {
    const { patch, risk } = remediation ?? {};
    const isSent = patch !== undefined && (disruptive || risk !== 'disruptive');
    return isSent ? resourceTypes.map((type) => ({ type: type.toLowerCase(), patch })) : [];
  });
  const types = scannedTypes.filter((type) => fixes.some((fix) => fix.type === type.toLowerCase()));
  const switches = fixes.some(
    ({ patch: { properties } }) => isJsonObject(properties) && 'enableRbacAuthorization' in properties,
  );
  if (types.length === 0) return [];
  return [
    ...reading(types, 'ARM'),
    ...limits(work),
    { what: `change ${typeWords(types)}`, actions: types.map(writeRight) },
    ...following('change', types),
    ...(switches
      ? [{ what: 'switch the permission model of a vault', actions: [roleAssignmentsWrite] }]
      : []),
  ];
}

/** The rights to find out who can destroy what is visible. */
export function ofWhoCan(work: Work): readonly Operation[] {
  return [
    ...readingEstate(recycleBinTypes, work),
    ...readingAccess,
    {
      what: 'read who may activate a role',
      actions: [readRight('Microsoft.Authorization/roleEligibilityScheduleInstances')],
      otherwise: 'they are not listed, and it says so',
    },
  ];
}

const besideVaults: Operation = {
  what: 'read what stands beside them',
  actions: Object.values(listedTypes).map(({ type }) => readRight(type)),
};

/** Finds vaults by name, and reads all of them that a recovery would not bring back. */
export function ofKit({ binned }: Work): readonly Operation[] {
  return [...reading(binned, 'Resource Graph and ARM'), besideVaults];
}

/** Reads again what a kit holds. */
export function ofKitDiff({ binned }: Work): readonly Operation[] {
  return [...reading(binned, 'ARM'), besideVaults];
}

/** Lists recycle bins, and looks for what wants a name in them. */
export function ofBinList(work: Work): readonly Operation[] {
  return [
    ...below(work),
    listBins(recycleBinTypes),
    {
      what: 'look for live ones that have a deleted name',
      actions: [subscriptionsRead, ...recycleBinTypes.map(readRight), permissionsRead],
      otherwise: 'it says where they would not be seen',
    },
  ];
}

function ofBinChange(work: Work): readonly Operation[] {
  const { binned } = work;
  return [
    ...below(work),
    listBins(binned),
    { what: 'read an entry of a recycle bin', actions: binned.map((type) => binRights(type).entry) },
    ...limits(work),
  ];
}

/** Lists, reads and recovers what is deleted. */
export function ofRecover(work: Work): readonly Operation[] {
  const { binned } = work;
  return [
    ...ofBinChange(work),
    { what: `recover ${typeWords(binned)}, in their resource groups`, actions: binned.map(writeRight) },
    ...reading(binned, 'ARM, once they are recovered'),
    ...following('recovery', binned),
    {
      what: 'see before anything is sent that a resource group is gone',
      actions: [resourceGroupsRead],
      otherwise: 'it says so, and Azure refuses the recovery',
    },
    {
      what: 'see before anything is sent that one may not write there',
      actions: [permissionsRead],
      otherwise: 'it says so, and Azure refuses the recovery',
    },
  ];
}

/** Lists, reads and purges what is deleted, once nothing depends on it. */
export function ofPurge(work: Work): readonly Operation[] {
  const { binned } = work;
  return [
    ...ofBinChange(work),
    { what: `purge ${typeWords(binned, 'deleted ')}`, actions: binned.map(purgeRight) },
    {
      what: 'follow a purge to its end',
      actions: binned.map((type) => binRights(type).result),
    },
    ...searching(work),
  ];
}

/** The search for what depends on the keys that are destroyed. */
export function searching({ dependants }: Pick<Work, 'dependants'>): readonly Operation[] {
  if (!dependants) return [];
  return [
    showSubscriptions,
    {
      what: 'search for what depends on the keys',
      actions: dependantTypes.map(({ type }) => readRight(type)),
    },
    {
      what: 'the same, where Resource Graph does not hold it',
      actions: dependantCollections.map(({ of, collection }) => `${of}/${collection}/read`),
    },
    { what: 'show that the identity may read all of it', actions: [permissionsRead] },
  ];
}

/** Lists what is deleted in a vault. */
export function ofObjects({ objects }: Work): readonly Operation[] {
  return [
    ...reading([vault.type], 'Resource Graph and ARM'),
    {
      what: `list ${objects.map((type) => `${type}s`).join(', ')}, live and deleted`,
      actions: [],
      ...listing(objects),
    },
  ];
}

/** Lists, and recovers, what is deleted in a vault. */
export function ofObjectRecovery(work: Work): readonly Operation[] {
  return [...ofObjects(work), ...limits(work), changing('recover', work)];
}

/** Lists, and purges, what is deleted in a vault: keys once nothing depends on them. */
export function ofObjectPurge(work: Work): readonly Operation[] {
  const isSearched = work.objects.includes('key');
  return [
    ...ofObjects(work),
    ...limits(work),
    changing('purge', work),
    ...(isSearched ? searching(work) : []),
  ];
}

function changing(verb: 'recover' | 'purge', { objects }: Work): Operation {
  return {
    what: `${verb} deleted ${objects.map((type) => `${type}s`).join(', ')}`,
    actions: [],
    dataActions: objects.map((type) => dataAction(type, verb)),
    permissions: objects.map((type) => `${type}s: ${verb}`),
  };
}
