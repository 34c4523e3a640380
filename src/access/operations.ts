import { compareText } from '../model/compare-text.ts';
import { isJsonObject } from '../model/json.ts';
import { listedTypes } from '../model/kit.ts';
import {
  descendantsRead,
  type LeastRole,
  locksRead,
  type Operation,
  permissionsRead,
  roleAssignmentsRead,
  roleAssignmentsWrite,
  roleDefinitionsRead,
  type RoleRights,
} from '../model/permission.ts';
import type { Rule } from '../model/rule.ts';
import type { CoveragePartName } from '../model/source-name.ts';
import { type ObjectType, objectTypeNames } from '../model/vault-plane.ts';
import { dependantCollections, dependantTypes } from '../resource-types/dependants.ts';
import {
  binnedTypes,
  binRights,
  knownType,
  purgeRight,
  readRight,
  scannedTypes,
  writeRight,
} from '../resource-types/known-type.ts';
import { vault } from '../resource-types/vault.ts';

/** The extent of what a command does. */
export interface Work {
  readonly rules: readonly Pick<Rule, 'resourceTypes' | 'remediation'>[];
  readonly include: readonly CoveragePartName[];
  /** The live resource types of kits, and whose deleted ones are recovered or purged. */
  readonly binned: readonly string[];
  readonly objects: readonly ObjectType[];
  readonly managementGroups: boolean;
  /** True where a purge looks for what depends on the keys that it destroys. */
  readonly dependants: boolean;
  /** True where plans may have fixes that can cut users off. */
  readonly disruptive: boolean;
}

/** All that commands can do by default: each kind of object and of vault, below a management group. */
export const allWork: Omit<Work, 'rules'> = {
  include: [],
  binned: binnedTypes,
  objects: objectTypeNames,
  managementGroups: true,
  dependants: true,
  disruptive: true,
};

/** ARM lists a subscription to whoever holds any role in it; Resource Graph shows it to those who hold this right. */
const showSubscriptions: Operation = {
  what: 'see subscriptions and their state in Resource Graph',
  actions: ['Microsoft.Resources/subscriptions/read'],
};

/** The words for resource types: `vaults and managed HSMs`. */
function inWords(types: readonly string[], deleted = ''): string {
  return types.map((type) => `${deleted}${knownType(type)?.words.many ?? type}`).join(' and ');
}

function reading(types: readonly string[], through: string): readonly Operation[] {
  return types.length === 0
    ? []
    : [{ what: `read ${inWords(types)} through ${through}`, actions: types.map(readRight) }];
}

/** The live types that the rules judge, themselves or by what is in them. */
function judgedTypes({ rules }: Work): readonly string[] {
  const judged = new Set(
    rules
      .flatMap(({ resourceTypes }) =>
        resourceTypes.flatMap((type) => [type, knownType(type)?.partOf ?? type]),
      )
      .map((type) => type.toLowerCase()),
  );
  return scannedTypes.filter((type) => judged.has(type.toLowerCase()));
}

function below({ managementGroups }: Work): readonly Operation[] {
  const what = 'list the subscriptions below a management group';
  return managementGroups ? [{ what, actions: [descendantsRead] }] : [];
}

function evidence(types: readonly string[]): readonly Operation[] {
  const what = `show that the identity may read ${inWords(types)} everywhere in a subscription`;
  return types.length === 0 ? [] : [{ what, actions: [permissionsRead] }];
}

function listBins(types: readonly string[]): Operation {
  return {
    what: `list ${inWords(types, 'deleted ')} of a subscription`,
    actions: types.map((type) => binRights(type).list),
  };
}

function ofScan(work: Work): readonly Operation[] {
  const types = judgedTypes(work);
  const parts = work.include.flatMap((part) => partOperations[part] ?? []);
  return [
    showSubscriptions,
    ...below(work),
    ...reading(types, 'Resource Graph'),
    ...evidence(types),
    ...parts,
  ];
}

const readingAccess: readonly Operation[] = [
  { what: 'read who holds which roles, in Resource Graph and ARM', actions: [roleAssignmentsRead] },
  { what: 'read what the roles grant', actions: [roleDefinitionsRead] },
  { what: 'show that the identity may read them', actions: [permissionsRead] },
  {
    what: 'read deny assignments',
    actions: [readRight('Microsoft.Authorization/denyAssignments')],
    otherwise: 'nothing is taken away, so that more people are named',
  },
];

/** The operations of the parts that `--include` adds to a scan. */
const partOperations: Partial<Readonly<Record<CoveragePartName, readonly Operation[]>>> = {
  deleted: [listBins(binnedTypes)],
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

/** The rights to list objects in a vault, live and deleted. A list is all that verifying takes. */
function listing(types: readonly ObjectType[]): Required<Pick<Operation, 'dataActions' | 'permissions'>> {
  return {
    dataActions: types.map((type) => dataAction(type, type === 'secret' ? 'readMetadata' : 'read')),
    permissions: types.map((type) => `${type}s: list`),
  };
}

/** A data action on objects: `Microsoft.KeyVault/vaults/secrets/recover/action`, `…/keys/read`. */
export function dataAction(type: ObjectType, verb: string): string {
  return `${vault.type}/${type}s/${verb === 'read' ? verb : `${verb}/action`}`;
}

function ofPlan(work: Work): readonly Operation[] {
  const types = judgedTypes(work);
  return [
    ...ofScan(work),
    ...reading(types, 'ARM'),
    {
      what: 'see whether a lock would block a change',
      actions: [locksRead],
      otherwise: 'the plan says that locks were not looked at',
    },
  ];
}

/** The fixes that can be sent: to the types that have them, and to the permission model of vaults. */
function ofApply({ rules, disruptive }: Work): readonly Operation[] {
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
  const followed = types.filter((type) => knownType(type)?.operations === 'managedHsms');
  return [
    ...reading(types, 'ARM'),
    { what: `change ${inWords(types)}`, actions: types.map(writeRight) },
    ...followed.map((type) => ({
      what: `follow a change of ${inWords([type])} to its end`,
      actions: [binRights(type).result],
      otherwise: 'a change that takes long may end as sent, and not verified',
    })),
    ...(switches
      ? [{ what: 'switch the permission model of a vault', actions: [roleAssignmentsWrite] }]
      : []),
  ];
}

function ofBinChange(work: Work): readonly Operation[] {
  const { binned } = work;
  return [
    ...below(work),
    listBins(binned),
    { what: 'read an entry of a recycle bin', actions: binned.map((type) => binRights(type).entry) },
  ];
}

function ofRecover(work: Work): readonly Operation[] {
  const { binned } = work;
  return [
    ...ofBinChange(work),
    { what: `recover ${inWords(binned)}, in their resource groups`, actions: binned.map(writeRight) },
    ...reading(binned, 'ARM, once they are recovered'),
  ];
}

function ofPurge(work: Work): readonly Operation[] {
  const { binned } = work;
  return [
    ...ofBinChange(work),
    { what: `purge ${inWords(binned, 'deleted ')}`, actions: binned.map(purgeRight) },
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

function ofObjects({ objects }: Work): readonly Operation[] {
  return [
    ...reading([vault.type], 'Resource Graph and ARM'),
    {
      what: `list ${objects.map((type) => `${type}s`).join(', ')}, live and deleted`,
      actions: [],
      ...listing(objects),
    },
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

/** The operations of each command, by its words. Commands that are not here ask Azure nothing. */
export const operationsOf = {
  scan: ofScan,
  plan: ofPlan,
  apply: ofApply,
  'deleted list': (work) => [...below(work), listBins(binnedTypes)],
  'deleted recover': ofRecover,
  'deleted purge': ofPurge,
  'deleted objects list': ofObjects,
  'deleted objects recover': (work) => [...ofObjects(work), changing('recover', work)],
  'deleted objects purge': (work) => [
    ...ofObjects(work),
    changing('purge', work),
    ...(work.objects.includes('key') ? searching(work) : []),
  ],
  grants: () => reading([vault.type], 'Resource Graph and ARM'),
  kit: ({ binned }) => [
    ...reading(binned, 'Resource Graph and ARM'),
    {
      what: 'read what stands beside them',
      actions: Object.values(listedTypes).map(({ type }) => readRight(type)),
    },
  ],
  'who-can': (work) => [
    showSubscriptions,
    ...below(work),
    ...reading(binnedTypes, 'Resource Graph'),
    ...evidence(binnedTypes),
    ...readingAccess,
    {
      what: 'read who may activate a role',
      actions: [readRight('Microsoft.Authorization/roleEligibilityScheduleInstances')],
      otherwise: 'they are not listed, and it says so',
    },
  ],
} as const satisfies Readonly<Record<string, (work: Work) => readonly Operation[]>>;

/** The words of a command that asks Azure. */
export type AzureCommand = keyof typeof operationsOf;

/** Every command that asks Azure, in the order of the help. */
export const azureCommands = Object.keys(operationsOf).filter(isCommand);

function isCommand(word: string): word is AzureCommand {
  return word in operationsOf;
}

/** Commands, and all that they ask of Azure. */
interface Asked {
  readonly commands: readonly string[];
  readonly operations: readonly Operation[];
  readonly assignableScopes: readonly string[];
  readonly name?: string | undefined;
}

/** The role that commands need. Its operations, and its rights, are each in it once. */
export function leastRole({ commands, operations, assignableScopes, name }: Asked): LeastRole {
  const distinct = new Map(operations.map((one) => [JSON.stringify(one), one]));
  return {
    name: name ?? `purgeproof ${commands.join(', ')}`,
    description: `Exactly what purgeproof needs for: ${commands.join(', ')}.`,
    operations: [...distinct.values()],
    rights: rightsFor(operations),
    assignableScopes,
  };
}

function rightsFor(operations: readonly Operation[]): RoleRights {
  return {
    actions: unique(operations.flatMap(({ actions }) => actions)),
    dataActions: unique(operations.flatMap(({ dataActions = [] }) => dataActions)),
  };
}

function unique(actions: readonly string[]): readonly string[] {
  const byName = new Map(actions.map((action) => [action.toLowerCase(), action]));
  return Array.from(byName, ([, action]) => action).toSorted((a, b) =>
    compareText(a.toLowerCase(), b.toLowerCase()),
  );
}
