import type { AccessReader, Destruction, KnownAccess, PrincipalAccess } from '../model/access.ts';
import { permissionModelOf } from '../access/rights.ts';
import { compareText } from '../model/compare-text.ts';
import type { Coverage, NotLookedAt, Unreadable } from '../model/coverage.ts';
import { UsageError } from '../model/errors.ts';
import { type Resource, propertiesOf } from '../model/resource.ts';
import type { ResourceSource, SourceScope } from '../model/source.ts';
import type { VaultAccessEntry, WhoCanAction, WhoCanReport } from '../model/who-can-report.ts';
import { managedHsm } from '../resource-types/managed-hsm.ts';
import { exitCodes } from './exit-code.ts';
import { isFullyCovered } from './scan/join-coverage.ts';
import { joinSources } from './scan/join-sources.ts';

/** The question, and the places that it is answered from. */
export interface WhoCanRequest {
  readonly action: WhoCanAction;
  /** Vaults and managed HSMs by name or id, in any letter case; without any, all in scope. */
  readonly named: readonly string[];
  /** The object id of the only principal to be asked about. */
  readonly principal?: string | undefined;
  readonly source: ResourceSource;
  readonly openAccess: (scope: SourceScope, signal: AbortSignal) => AccessReader;
  readonly signal: AbortSignal;
}

/** The answer, and the scope that it is about. */
export interface WhoCanAnswer {
  readonly report: WhoCanReport;
  readonly scope: SourceScope;
}

/** Finds who can destroy vaults. Throws UsageError for what is named and not there, or there twice. */
export async function whoCan(request: WhoCanRequest): Promise<WhoCanAnswer> {
  const { entries, unreadable, coverage, reader, scope } = await readVaults(request);
  const { unreadable: gaps, coverage: access } = reader.account();
  const { notLookedAt = [] } = access.part;
  const isCovered = isFullyCovered(coverage) && isFullyCovered({ ...coverage, parts: [access.part] });
  const missing = missingNames(request.named, entries, isCovered && unreadable.length === 0);
  const all = [...unreadable, ...gaps, ...missing];
  const principal = request.principal?.toLowerCase();
  const asked =
    principal === undefined ? entries : entries.map((entry) => of(principal, entry)).filter(isAnyone);
  return {
    scope,
    report: {
      schemaVersion: '1.0',
      action: request.action,
      ...(principal === undefined ? {} : { principal, groups: groupsBeside(principal, entries) }),
      complete: isCovered && all.length === 0,
      vaults: asked.toSorted(byName),
      unreadable: all,
      notLookedAt: request.action === 'purge' ? [...notLookedAt, ...entries.flatMap(localRbac)] : notLookedAt,
    },
  };
}

/**
 * 0 nobody can, 1 somebody can, 3 somebody may be missing. Where nobody is seen who can, a group that may hold the principal,
 * and the local RBAC of a managed HSM whose keys may be purged, leave it open.
 */
export function whoCanExitCode({ action, complete, vaults, groups = [], notLookedAt }: WhoCanReport): number {
  if (!complete) return exitCodes.incomplete;
  if (vaults.some(isAnyone)) return exitCodes.findings;
  const isOpen = action === 'purge' && notLookedAt.some(({ kind }) => kind === 'localRbac');
  return isOpen || groups.length > 0 ? exitCodes.incomplete : exitCodes.clean;
}

interface VaultsRead {
  readonly entries: readonly VaultAccessEntry[];
  readonly unreadable: readonly Unreadable[];
  readonly coverage: Coverage;
  readonly reader: AccessReader;
  readonly scope: SourceScope;
}

async function readVaults(request: WhoCanRequest): Promise<VaultsRead> {
  const { source, openAccess, signal, action } = request;
  const isNamed = namedIn(request.named);
  const select = selectionOf(action);
  const entries: VaultAccessEntry[] = [];
  const unreadable: Unreadable[] = [];
  let opened: { readonly scope: SourceScope; readonly reader: AccessReader } | undefined;
  for await (const event of joinSources([source], signal)) {
    if (event.kind === 'scope') opened = { scope: event, reader: openAccess(event, signal) };
    if (event.kind === 'unreadable') unreadable.push(event.entry);
    if (opened === undefined) continue;
    if (event.kind === 'coverage') return { entries, unreadable, coverage: event.coverage, ...opened };
    if (event.kind !== 'resources') continue;
    const wanted = event.resources.filter(isNamed);
    const known = wanted.length === 0 ? new Map<string, KnownAccess>() : await opened.reader.accessOf(wanted);
    for (const resource of wanted)
      entries.push(toEntry(resource, known.get(resource.id.toLowerCase()), select));
  }
  throw new Error('joined sources end with their coverage');
}

function namedIn(words: readonly string[]): (resource: Resource) => boolean {
  if (words.length === 0) return () => true;
  const wanted = new Set(words.map((word) => word.toLowerCase()));
  return ({ id, name }) => wanted.has(name.toLowerCase()) || wanted.has(id.toLowerCase());
}

type Select = (principals: readonly PrincipalAccess[]) => readonly PrincipalAccess[];

/** The principals that can, or could by activating a role. Vaults that share a list share the selection. */
function selectionOf(action: WhoCanAction): Select {
  const ways: readonly Destruction[] = action === 'delete' ? ['delete'] : ['purgeVault', 'purgeObjects'];
  const selected = new Map<readonly PrincipalAccess[], readonly PrincipalAccess[]>();
  return (principals) => {
    const known =
      selected.get(principals) ?? principals.filter((one) => ways.some((way) => canOrCould(one, way)));
    selected.set(principals, known);
    return known;
  };
}

function canOrCould(principal: PrincipalAccess, way: Destruction): boolean {
  const { canDelete, canPurgeVault, canPurgeObjects, eligible = [] } = principal;
  const can = { delete: canDelete, purgeVault: canPurgeVault, purgeObjects: canPurgeObjects === true };
  return can[way] || eligible.includes(way);
}

function toEntry(resource: Resource, known: KnownAccess | undefined, select: Select): VaultAccessEntry {
  const { id, name, type, subscriptionId } = resource;
  const properties = propertiesOf(resource);
  return {
    id,
    name,
    type,
    subscriptionId,
    permissionModel: permissionModelOf(type, properties),
    purgeProtection: properties['enablePurgeProtection'] === true,
    complete: known?.isComplete ?? false,
    principals: select(known?.access.principals ?? []),
  };
}

function of(principal: string, entry: VaultAccessEntry): VaultAccessEntry {
  return { ...entry, principals: entry.principals.filter(({ id }) => id === principal) };
}

function isAnyone({ principals }: VaultAccessEntry): boolean {
  return principals.length > 0;
}

function groupsBeside(principal: string, entries: readonly VaultAccessEntry[]): readonly string[] {
  const groups = entries.flatMap(({ principals }) =>
    principals.filter(({ id, type }) => /group$/iu.test(type) && id !== principal),
  );
  return [...new Set(groups.map(({ id }) => id))].toSorted(compareText);
}

function byName(one: VaultAccessEntry, other: VaultAccessEntry): number {
  return compareText(one.name.toLowerCase(), other.name.toLowerCase()) || compareText(one.id, other.id);
}

function localRbac({ id, type }: VaultAccessEntry): readonly NotLookedAt[] {
  if (type !== managedHsm.type) return [];
  const reason = 'Its local RBAC, which decides who can purge keys, is not visible through ARM.';
  return [{ kind: 'localRbac', scope: id, reason }];
}

/** A gap for each name that is not among what was read, unless everything was read: then it is nowhere. */
function missingNames(
  named: readonly string[],
  entries: readonly VaultAccessEntry[],
  isAll: boolean,
): readonly Unreadable[] {
  return named.flatMap((word) => {
    const found = entries.filter(({ id, name }) =>
      [id, name].some((one) => one.toLowerCase() === word.toLowerCase()),
    );
    if (found.length > 1)
      throw new UsageError(
        `${found.length} are called ${JSON.stringify(word)}.`,
        `Name the one that is meant by its id: ${found.map(({ id }) => id).join(', ')}.`,
      );
    if (found.length === 1) return [];
    if (isAll)
      throw new UsageError(
        `No visible vault or managed HSM is called ${JSON.stringify(word)}.`,
        'Check the name, or give its id. If it was deleted: `purgeproof deleted list`',
      );
    const reason = 'It is not among what could be read.';
    return [{ scope: word, kind: 'resource', reason, hint: 'Check the name, or give its id.' }];
  });
}
