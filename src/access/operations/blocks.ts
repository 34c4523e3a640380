import {
  descendantsRead,
  managementGroupsRead,
  type Operation,
  permissionsRead,
  subscriptionsRead,
} from '../../model/permission.ts';
import type { Rule } from '../../model/rule.ts';
import type { CoveragePartName } from '../../model/source-name.ts';
import { type ObjectType, objectTypeNames } from '../../model/vault-plane.ts';
import {
  recycleBinTypes,
  binRights,
  knownType,
  readRight,
  scannedTypes,
} from '../../resource-types/known-type.ts';
import { vault } from '../../resource-types/vault.ts';

/** The extent of what a command does. */
export interface Work {
  readonly rules: readonly Pick<Rule, 'resourceTypes' | 'remediation'>[];
  readonly include: readonly CoveragePartName[];
  /** True where the exemptions of Azure Policy count. */
  readonly azureExemptions: boolean;
  /** True where a scan is archived. */
  readonly archived: boolean;
  /** True where a limit on writes depends on the names or the management groups of subscriptions. */
  readonly limited: boolean;
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
  azureExemptions: false,
  archived: false,
  limited: false,
  binned: recycleBinTypes,
  objects: objectTypeNames,
  managementGroups: true,
  dependants: true,
  disruptive: true,
};

/** ARM lists a subscription to whoever holds any role in it; Resource Graph shows it to those who hold this right. */
export const showSubscriptions: Operation = {
  what: 'see subscriptions and their state in Resource Graph',
  actions: [subscriptionsRead],
};

/** The lookup before anything is sent, where the configuration limits writes by subscription. */
export function limits({ limited }: Work): readonly Operation[] {
  const what = 'see whether the configuration forbids to change what is in a subscription';
  return limited ? [{ what, actions: [subscriptionsRead] }] : [];
}

/** The words for resource types: `vaults and managed HSMs`. */
export function typeWords(types: readonly string[], deleted = ''): string {
  return types.map((type) => `${deleted}${knownType(type)?.words.many ?? type}`).join(' and ');
}

export function reading(types: readonly string[], through: string): readonly Operation[] {
  return types.length === 0
    ? []
    : [{ what: `read ${typeWords(types)} through ${through}`, actions: types.map(readRight) }];
}

/** The live types that the rules judge, themselves or by what is in them. */
export function judgedTypes({ rules }: Work): readonly string[] {
  const judged = new Set(
    rules
      .flatMap(({ resourceTypes }) =>
        resourceTypes.flatMap((type) => [type, knownType(type)?.partOf ?? type]),
      )
      .map((type) => type.toLowerCase()),
  );
  return scannedTypes.filter((type) => judged.has(type.toLowerCase()));
}

export function below({ managementGroups }: Work): readonly Operation[] {
  const what = 'list the subscriptions below a management group';
  return managementGroups ? [{ what, actions: [descendantsRead] }] : [];
}

/** A management group may be named by its display name. */
export function findGroups({ managementGroups }: Work): readonly Operation[] {
  const what = 'find a management group by its display name';
  const otherwise = 'a group is found by its id alone, and it says so';
  return managementGroups ? [{ what, actions: [managementGroupsRead], otherwise }] : [];
}

export function evidence(types: readonly string[]): readonly Operation[] {
  const what = `show that the identity may read ${typeWords(types)} everywhere in a subscription`;
  return types.length === 0 ? [] : [{ what, actions: [permissionsRead] }];
}

export function listBins(types: readonly string[]): Operation {
  return {
    what: `list ${typeWords(types, 'deleted ')} of a subscription`,
    actions: types.map((type) => binRights(type).list),
  };
}

/** The rights to list objects in a vault, live and deleted. A list is all that verifying takes. */
export function listing(
  types: readonly ObjectType[],
): Required<Pick<Operation, 'dataActions' | 'permissions'>> {
  return {
    dataActions: types.map((type) => dataAction(type, type === 'secret' ? 'readMetadata' : 'read')),
    permissions: types.map((type) => `${type}s: list`),
  };
}

/** A data action on objects: `Microsoft.KeyVault/vaults/secrets/recover/action`, `…/keys/read`. */
export function dataAction(type: ObjectType, verb: string): string {
  return `${vault.type}/${type}s/${verb === 'read' ? verb : `${verb}/action`}`;
}

/** The long-running operations of managed HSMs, whose end is seen in the HSM itself as well. */
export function following(what: 'change' | 'recovery', types: readonly string[]): readonly Operation[] {
  return types
    .filter((type) => knownType(type)?.operations === 'managedHsms')
    .map((type) => ({
      what: `follow a ${what} of ${typeWords([type])} to its end`,
      actions: [binRights(type).result],
      otherwise: 'the HSM is read until it is through, and the result says so',
    }));
}
