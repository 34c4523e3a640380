import type { AzureConnection } from '../azure/connection.ts';
import { armRecycleBin } from '../azure/recycle-bin.ts';
import type { DeletedVault, RecycleBin } from '../model/arm-ports.ts';
import type { CoveragePart, ReadCost, Unreadable } from '../model/coverage.ts';
import { daysUntil } from '../model/days-until.ts';
import type { Resource } from '../model/resource.ts';
import { emptyScope, type ResourceSource } from '../model/source.ts';
import { gapsOfBody } from '../resource-types/gaps.ts';
import { deletedTypeOf, typesReadBy } from '../resource-types/known-type.ts';
import { readTags } from '../resource-types/tags.ts';
import { type BinRead, readBins } from '../usecases/deleted/read-bins.ts';
import type { SourceOptions } from '../usecases/scan/ports.ts';

/** The clock that days are counted by, and the needs of the rules. */
interface Needs extends Pick<SourceOptions, 'isUndecided'> {
  readonly now: () => Date;
}

/** The recycle bins in the scope of a scan, and what reading them costs. */
interface DeletedOptions extends Needs {
  readonly recycleBin: RecycleBin;
  /** Grows while lists are read. */
  readonly cost: ReadCost;
}

/** The recycle bins of Azure, read over a connection. */
export function openDeletedSource(connection: AzureConnection, { now, isUndecided }: Needs): ResourceSource {
  const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
  return deletedSource({
    recycleBin: armRecycleBin(connection, { cost, onWait: () => undefined }),
    now,
    isUndecided,
    cost,
  });
}

/**
 * Deleted vaults and managed HSMs of the subscriptions that the sources before it have found. A recycle bin that may not
 * be read is a gap of this part, and costs no verdict on anything live.
 */
function deletedSource(options: DeletedOptions): ResourceSource {
  return {
    name: 'deleted',
    types: typesReadBy('deleted'),
    async *read(signal, { subscriptions }) {
      yield { kind: 'scope', ...emptyScope };
      const ids = subscriptions.map(({ id }) => id);
      const now = options.now();
      const reads: Pick<BinRead, 'state'>[] = [];
      for await (const { state, deleted, gap } of readBins(options.recycleBin, ids, signal)) {
        const resources = deleted.map((one) => toDeletedResource(one, now));
        const halfRead = resources.filter((one) => one.gaps.length > 0 && options.isUndecided(one));
        reads.push({ state: halfRead.length > 0 ? 'failed' : state });
        if (resources.length > 0) yield { kind: 'resources', resources };
        for (const entry of [...(gap === undefined ? [] : [gap]), ...halfRead.map(gapsOf)])
          yield { kind: 'unreadable', entry };
      }
      const part: CoveragePart = { name: 'deleted', state: partState(reads) };
      yield { kind: 'coverage', coverage: { part, ...options.cost } };
    },
  };
}

/** `denied` where no recycle bin may be read at all. */
function partState(reads: readonly Pick<BinRead, 'state'>[]): CoveragePart['state'] {
  const states = new Set(reads.map(({ state }) => state));
  if (states.size === 1 && states.has('denied')) return 'denied';
  if (states.has('denied') || states.has('absent') || states.has('failed')) return 'partial';
  return states.has('read') ? 'read' : 'empty';
}

function gapsOf({ id, gaps }: Resource): Unreadable {
  return {
    scope: id,
    kind: 'resource',
    reason: `Its entry in the recycle bin could not be read in full: ${gaps.join(', ')}.`,
    hint: 'Run the scan again; if it stays, look at the entry: `az keyvault list-deleted`',
  };
}

/** An entry as rules read it: tags where those of a live one are, and the days that are left. */
function toDeletedResource(deleted: DeletedVault, now: Date): Resource {
  const { id, vault, location, properties, scheduledPurgeDate } = deleted;
  const type = deletedTypeOf(vault.type);
  const { name, subscriptionId, resourceGroup } = vault;
  const tags = readTags(properties['tags']) ?? {};
  const daysToPurge = daysUntil(scheduledPurgeDate, now);
  const common = { id, name, type, subscriptionId, resourceGroup, location, tags };
  const body = { ...common, properties, ...(daysToPurge === null ? {} : { daysToPurge }) };
  return { ...common, body, gaps: gapsOfBody(type, body) };
}
