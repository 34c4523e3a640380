import pMap from 'p-map';
import type { AzureConnection } from '../azure/connection.ts';
import { readArmList } from '../azure/arm-list.ts';
import type { IdentifiedRow } from '../azure/graph-sequence.ts';
import { quietSession } from '../azure/session.ts';
import type { VaultAddress } from '../model/arm-ports.ts';
import type { Unreadable } from '../model/coverage.ts';
import type { Dependant, DependantSearch, DependantsFound } from '../model/dependant.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import {
  nonDependantTypes,
  type DependantCollection,
  dependantCollections,
  dependantTypes,
  diskEncryptionSets,
} from '../resource-types/dependants.ts';
import { readRight } from '../resource-types/known-type.ts';
import { quote } from '../rules/kql/literal.ts';
import { everyRow, gapsIn, type GraphRead, notRows, unseenSubscriptions } from './graph-search.ts';
import { tenantScope } from './live/gaps.ts';

/**
 * Searches by Resource Graph, over everything that the identity can see: any property of any resource that names the vault
 * counts, known or not. Subscriptions that are listed and not shown, and those in which nothing shows the right to read what
 * may depend on it, are gaps.
 */
export function graphDependants(connection: AzureConnection): Pick<DependantSearch, 'find'> {
  return {
    async find(vault, signal) {
      const search = { connection, session: quietSession(signal), names: namesOf(vault) };
      const parts = await Promise.all([
        unseen(search, vault),
        referring(search, vault),
        belowResources(search),
      ]);
      return {
        dependants: parts.flatMap(({ dependants }) => dependants),
        gaps: parts.flatMap(({ gaps }) => gaps),
      };
    },
  };
}

interface Search extends GraphRead {
  /** True for text that names the vault; `key` is the name of its property. */
  readonly names: (text: string, key: string) => boolean;
}

/** The host of a vault and its id below the provider, each up to what ends a name. Every cloud has its own suffix. */
function namesOf({ name, type }: VaultAddress): Search['names'] {
  const plain = name.replaceAll(/[^\w-]/g, '\\$&');
  const host = new RegExp(`(^|[^a-z0-9.-])${plain}\\.${hostWord(type)}\\.`, 'i');
  const id = new RegExp(`/providers/${type}/${plain}(?![a-z0-9-])`, 'i');
  // A server of SQL names its key by vault, key and version.
  const serverKey = new RegExp(`^${plain}_`, 'i');
  return (text, key) => host.test(text) || id.test(text) || (key === 'serverKeyName' && serverKey.test(text));
}

function hostWord(type: string): string {
  return /managedHSMs$/i.test(type) ? 'managedhsm' : 'vault';
}

/** Every resource whose properties name the vault, then what is encrypted through the disk encryption sets among them. */
async function referring(search: Search, vault: VaultAddress): Promise<DependantsFound> {
  const { name, type } = vault;
  const texts = [`${name}.${hostWord(type)}.`, `${type.split('/')[1] ?? ''}/${name}`];
  return unlessRefused(tenantScope, async () => {
    const rows = await everyRow(search, containingQuery(texts));
    const direct = dependantsIn(rows, search.names);
    const sets = direct.filter((one) => sameType(one.type, diskEncryptionSets)).map(({ id }) => id);
    const through = await throughSets(search, [...new Set(sets)]);
    return [...direct, ...through];
  });
}

/** Ids that fit into one query. */
const setsPerQuery = 8;

async function throughSets(search: Search, sets: readonly string[]): Promise<readonly Dependant[]> {
  const found: Dependant[] = [];
  for (let start = 0; start < sets.length; start += setsPerQuery) {
    const some = sets.slice(start, start + setsPerQuery);
    const rows = await everyRow(search, containingQuery(some));
    for (const set of some) {
      const isSet = (text: string): boolean => text.toLowerCase() === set.toLowerCase();
      found.push(...dependantsIn(rows, isSet).map((one) => Object.assign(one, { through: set })));
    }
  }
  return found;
}

/** The query for every resource whose properties hold one of some texts. */
export function containingQuery(texts: readonly string[]): string {
  const conditions = texts.map((text) => `tostring(properties) contains ${quote(text)}`);
  return `resources | where ${conditions.join(' or ')} | project id, type, properties | order by id asc`;
}

function dependantsIn(rows: readonly IdentifiedRow[], names: Search['names']): readonly Dependant[] {
  return rows.flatMap((row) => {
    const { id, type } = row;
    if (typeof type !== 'string') throw notRows;
    if (nonDependantTypes.some((one) => sameType(one, type))) return [];
    const known = dependantTypes.find((one) => sameType(one.type, type))?.properties ?? [];
    return pathsTo(row['properties'], 'properties', names).map((property): Dependant => {
      const general = property.replaceAll(/\[\d+\]/g, '[*]').toLowerCase();
      const isEncrypted = known.some((path) => general.startsWith(path.toLowerCase()));
      return { id, type, property, isEncrypted };
    });
  });
}

/** The paths of all text, and of all names of members, that name the vault. */
function pathsTo(value: Json | undefined, path: string, names: Search['names']): readonly string[] {
  const key = path.slice(path.lastIndexOf('.') + 1);
  if (typeof value === 'string') return names(value, key) ? [path] : [];
  if (Array.isArray(value))
    return value.flatMap((item: Json, index) => pathsTo(item, `${path}[${index}]`, names));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const below = `${path}.${name}`;
    return names(name, name) ? [below] : pathsTo(member, below, names);
  });
}

/** Reads what ARM alone shows, one list for each resource that may have it. */
async function belowResources(search: Search): Promise<DependantsFound> {
  const found = await Promise.all(dependantCollections.map((one) => belowType(search, one)));
  return {
    dependants: found.flatMap(({ dependants }) => dependants),
    gaps: found.flatMap(({ gaps }) => gaps),
  };
}

/** Lists at a time. */
const listsAtOnce = 16;

/** The query for every resource that may have a collection below it. */
export function parentsQuery({ of, needsIdentity }: DependantCollection): string {
  const condition = `type =~ ${quote(of.toLowerCase())}${needsIdentity === true ? ' and isnotnull(identity)' : ''}`;
  return `resources | where ${condition} | project id | order by id asc`;
}

async function belowType(search: Search, of: DependantCollection): Promise<DependantsFound> {
  const gaps: Unreadable[] = [];
  const parents = await unlessRefused(tenantScope, async () => {
    const rows = await everyRow(search, parentsQuery(of));
    const lists = await pMap(rows, ({ id }) => belowOne(search, of, id), { concurrency: listsAtOnce });
    gaps.push(...lists.flatMap((list) => list.gaps));
    return lists.flatMap(({ dependants }) => dependants);
  });
  return { dependants: parents.dependants, gaps: [...parents.gaps, ...gaps] };
}

async function belowOne(
  { connection, session, names }: Search,
  { of, collection, apiVersion }: DependantCollection,
  parent: string,
): Promise<DependantsFound> {
  return unlessRefused(parent, async () => {
    const list = {
      operation: `read ${collection} of ${parent}`,
      path: `${encodeURI(parent)}/${collection}?api-version=${apiVersion}`,
    };
    const rows = await readArmList(connection, list, session.signal);
    return rows.flatMap((row) =>
      pathsTo(row['properties'], 'properties', names).map((property): Dependant => {
        const id = typeof row['id'] === 'string' ? row['id'] : parent;
        return { id, type: `${of}/${collection}`, property, isEncrypted: true };
      }),
    );
  });
}

/** The subscriptions of which nothing can be said; that of the vault is one of them even where no list names it. */
async function unseen(
  { connection, session }: Search,
  { subscriptionId }: VaultAddress,
): Promise<DependantsFound> {
  const actions = dependantTypes.map(({ type }) => readRight(type));
  const gaps = await unseenSubscriptions({ connection, session }, actions, [subscriptionId]);
  return { dependants: [], gaps };
}

/** Reads dependants; what Azure refuses, or answers in part, is a gap of a scope. */
async function unlessRefused(
  scope: string,
  read: () => Promise<readonly Dependant[]>,
): Promise<DependantsFound> {
  let dependants: readonly Dependant[] = [];
  const gaps = await gapsIn(scope, async () => {
    dependants = await read();
  });
  return { dependants, gaps };
}

function sameType(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
