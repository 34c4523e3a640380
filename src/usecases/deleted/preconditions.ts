import pMap from 'p-map';
import { grantOf } from '../../access/grant.ts';
import type { DeletedVault, VaultAddress } from '../../model/arm-ports.ts';
import type { DependantSearch, DependantsFound } from '../../model/dependant.ts';
import { UsageError } from '../../model/errors.ts';
import { permissionsRead, resourceGroupsRead } from '../../model/permission.ts';
import type { Preconditions } from '../../model/preconditions.ts';
import { knownType, writeRight } from '../../resource-types/known-type.ts';
import type { StepOutcome } from '../write/outcomes.ts';
import { dependantLines, purgedByAzure } from './wording.ts';

/** The conditions that are looked at before anything is sent; a port that is left out is not asked. */
export interface DeletedPreconditions {
  /** As the recycle bin, or the journal of an earlier run, shows them. */
  readonly deleted: readonly DeletedVault[];
  readonly preconditions?: Preconditions;
  /** Left out where the user accepts that something may depend on what is purged. */
  readonly dependants?: DependantSearch;
  readonly signal: AbortSignal;
}

/**
 * Refuses to purge what has purge protection, and what something still depends on. What could not be searched refuses, too.
 * Throws UsageError.
 */
export async function refusePurge(request: DeletedPreconditions): Promise<void> {
  refuseProtected(request.deleted);
  const { deleted, dependants, signal } = request;
  if (dependants === undefined) return;
  for (const { vault } of deleted) refuseUsed(vault, await dependants.find(vault, signal));
}

/** Refuses to purge a vault, or a key in it, that something depends on. Throws UsageError. */
export function refuseUsed({ name, type }: VaultAddress, { dependants, gaps }: DependantsFound): void {
  if (dependants.length === 0 && gaps.length === 0) return;
  const one = knownType(type)?.words.one ?? 'resource';
  const number = new Set(dependants.map(({ id }) => id.toLowerCase())).size;
  const why =
    number === 0
      ? `it could not be checked what depends on the ${one} ${name}.`
      : `${number === 1 ? '1 resource depends' : `${number} resources depend`} on the ${one} ${name}.`;
  const [gap] = gaps;
  throw new UsageError(
    [`Nothing was sent: ${why}`, ...dependantLines({ dependants, gaps })].join('\n'),
    dependants.length === 0 && gap !== undefined
      ? `${gap.hint} Or make sure yourself, then add --allow-dependants.`
      : 'A purge makes what its keys encrypt unreadable for good. Move it to other keys first, or add --allow-dependants to lose it.',
  );
}

function refuseProtected(deleted: readonly DeletedVault[]): void {
  const kept = deleted.find(({ purgeProtection }) => purgeProtection);
  if (kept === undefined) return;
  throw new UsageError(
    `${kept.vault.name} has purge protection: ${purgedByAzure(kept.scheduledPurgeDate)}`,
    'Nothing shortens that: no role, and no change to its settings.',
  );
}

/** The reason why something cannot be recovered, which `cause` says of it, and what to do. */
export type Obstacle = StepOutcome;

/** Vaults that are looked at concurrently. */
const concurrency = 8;

/** The obstacles to recoveries, by the id of the entry, and sentences about those that could not be looked for. */
export interface ObstaclesFound {
  readonly obstacles: ReadonlyMap<string, Obstacle>;
  readonly notChecked: readonly string[];
}

/**
 * Looks for obstacles to recoveries: a resource group that is gone, or where the right to write is missing. What cannot be
 * read is no obstacle: the write itself will tell.
 */
export async function obstaclesTo({
  deleted,
  preconditions,
  signal,
}: DeletedPreconditions): Promise<ObstaclesFound> {
  if (preconditions === undefined) return { obstacles: new Map(), notChecked: [] };
  const groups = new Set(deleted.map(({ vault }) => groupOf(vault)));
  const known = new Map(
    await pMap(
      groups,
      async (group) =>
        [
          group,
          {
            isThere: await preconditions.groupExists(group, signal),
            permissions: await preconditions.permissions(group, signal),
          },
        ] as const,
      { concurrency },
    ),
  );
  const found = deleted.flatMap(({ id, vault }) => {
    const group = groupOf(vault);
    const { isThere, permissions } = known.get(group) ?? {};
    const right = writeRight(vault.type);
    if (isThere === false) return [[id, groupIsGone(group)] as const];
    const isMissing = permissions !== undefined && grantOf(permissions, right) === 'notGranted';
    return isMissing ? [[id, rightIsMissing(group, right)] as const] : [];
  });
  const notChecked = [...known].flatMap(([group, { isThere, permissions }]) => {
    const existence = isThere === undefined ? `whether ${group} exists (${resourceGroupsRead})` : undefined;
    const rights = permissions === undefined ? `your own rights on ${group} (${permissionsRead})` : undefined;
    return [existence, rights].filter((what) => what !== undefined);
  });
  return {
    obstacles: new Map(found),
    notChecked: notChecked.map((what) => `Could not be read before anything is sent: ${what}.`),
  };
}

function groupOf({ id }: VaultAddress): string {
  return id.split('/').slice(0, 5).join('/');
}

function groupIsGone(group: string): Obstacle {
  return {
    outcome: 'conflict',
    cause: `would be recovered into ${group}, which no longer exists.`,
    hint: 'Create a resource group of that name in that subscription, then try again.',
  };
}

function rightIsMissing(group: string, right: string): Obstacle {
  return {
    outcome: 'unauthorized',
    cause: `would be recovered into ${group}, where you do not have ${right}.`,
    hint: 'Have a role that grants it assigned there.',
  };
}

/** Refuses recoveries to which there is an obstacle. Throws UsageError. */
export function refuseObstacles(
  deleted: readonly DeletedVault[],
  obstacles: ReadonlyMap<string, Obstacle>,
): void {
  for (const { id, vault } of deleted) {
    const obstacle = obstacles.get(id);
    if (obstacle !== undefined)
      throw new UsageError(`Nothing was sent: ${vault.name} ${obstacle.cause}`, obstacle.hint);
  }
}
