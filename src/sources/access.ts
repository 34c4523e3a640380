import pMap from 'p-map';
import { guidOfRole } from '../access/authorization-rows.ts';
import { type AccessedVault, vaultAccess } from '../access/vault-access.ts';
import type { AzureConnection } from '../azure/connection.ts';
import type {
  AccessGrant,
  AccessReader,
  KnownAccess,
  PrincipalAccess,
  RoleAssignment,
  RoleDefinition,
  VaultAccess,
} from '../model/access.ts';
import type { CoveragePart, Unreadable } from '../model/coverage.ts';
import { type JsonObject } from '../model/json.ts';
import { type Resource, propertiesOf } from '../model/resource.ts';
import type { FactSource, ResourceFacts, Subscription } from '../model/source.ts';
import { vault } from '../resource-types/vault.ts';
import {
  type DirectoryRead,
  type Everywhere,
  readEverywhere,
  readRoles,
  readSubscriptionAccess,
  type SubscriptionRead,
} from './access/directory.ts';

/** Facts about who can destroy a vault: `access.principals`, and `access.complete` where nobody can be missing. */
export function accessFacts(connection: AzureConnection): FactSource {
  return {
    name: 'access',
    types: [vault.type],
    members: ['access'],
    read(signal, { subscriptions }) {
      const reader = readAccess(connection, { signal, subscriptions, eligible: false });
      return {
        async factsOf(resources) {
          const known = await reader.accessOf(resources);
          return new Map(Array.from(known, ([id, one]) => [id, toFacts(one)]));
        },
        close: async () => reader.account(),
      };
    },
  };
}

function toFacts({ access, isComplete }: KnownAccess): ResourceFacts {
  const principals = principalFacts(access.principals);
  return isComplete
    ? { members: { access: { complete: true, principals } }, gaps: [] }
    : { members: { access: { principals } }, gaps: ['access.complete'] };
}

const factsOf = new WeakMap<readonly PrincipalAccess[], readonly JsonObject[]>();

/** Principals as evidence shows them: `by` says in words what grants their rights. Vaults that share a list share it here. */
function principalFacts(principals: readonly PrincipalAccess[]): readonly JsonObject[] {
  const known =
    factsOf.get(principals) ?? principals.map(({ via, ...one }) => ({ ...one, by: via.map(grantWords) }));
  factsOf.set(principals, known);
  return known;
}

function grantWords({ kind, role, scope, grants, conditional, eligible }: AccessGrant): string {
  const notes = [conditional === true ? 'conditional' : '', eligible === true ? 'eligible' : ''].filter(
    Boolean,
  );
  const what = kind === 'role' ? `${role ?? ''} at ${scope ?? ''}` : `access policy: ${grants.join(', ')}`;
  return notes.length === 0 ? what : `${what} (${notes.join(', ')})`;
}

/** The scope of a read of access. `eligible`: also who may activate a role. */
interface AccessRequest {
  readonly signal: AbortSignal;
  readonly subscriptions: readonly Subscription[];
  readonly eligible: boolean;
}

/**
 * Reads who has access, as vaults are asked about. Role assignments come from Resource Graph, which leaves out without a word
 * what the identity may not read: so each subscription needs evidence of the right to, at the outermost management group or
 * itself. Where only the latter is there, ARM lists what is inherited, and everything where Resource Graph refuses.
 */
export function readAccess(
  connection: AzureConnection,
  { signal, subscriptions, eligible }: AccessRequest,
): AccessReader {
  const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
  const read = { connection, session: { signal, cost, onWait: () => undefined }, eligible };
  const directory = openDirectory(read, subscriptions);
  return {
    async accessOf(resources) {
      try {
        const answer = await directory.answerFor(resources);
        return new Map(resources.map((one) => [one.id.toLowerCase(), knownAccess(one, answer, directory)]));
      } catch (error) {
        if (signal.aborted) return new Map();
        throw error;
      }
    },
    account: () => accountOf(directory, read),
  };
}

type Answer = (vault: AccessedVault) => VaultAccess;

/** A directory that is read as vaults are asked about. */
interface OpenedDirectory {
  /** The subscriptions that have been read, by id in lower case. */
  readonly opened: ReadonlyMap<string, SubscriptionRead>;
  readonly roles: RoleCatalogue;
  /** Reads what the answer about some vaults takes. */
  answerFor(resources: readonly Resource[]): Promise<Answer>;
}

function openDirectory(read: DirectoryRead, subscriptions: readonly Subscription[]): OpenedDirectory {
  const expected = new Map(subscriptions.map((one) => [one.id.toLowerCase(), one]));
  const opened = new Map<string, SubscriptionRead>();
  const roles = roleCatalogue(read);
  let everywhere: Everywhere | undefined;
  let answer: Answer | undefined;
  return {
    opened,
    roles,
    async answerFor(resources) {
      const all = (everywhere ??= await readEverywhere(read, subscriptions));
      if (answer === undefined) await roles.learn(all.definitions, all.assignments.values());
      const ids = new Set(resources.map(({ subscriptionId }) => subscriptionId.toLowerCase()));
      const found = await pMap(
        [...ids].filter((id) => !opened.has(id)),
        async (id) => {
          const subscription = expected.get(id) ?? { id, name: id, managementGroups: [] };
          const one = await readSubscriptionAccess(read, subscription, all);
          opened.set(id, one);
          return one.assignments;
        },
        { concurrency },
      );
      const hasGrown = await roles.learn([], found.flat());
      if (hasGrown) answer = undefined;
      return (answer ??= vaultAccess({
        definitions: roles.definitions(),
        assignments: all.assignments.values(),
        inSubscription: (id) => opened.get(id) ?? { scopesAbove: [] },
      }));
    },
  };
}

function knownAccess(resource: Resource, answer: Answer, { opened, roles }: OpenedDirectory): KnownAccess {
  const access = answer({ ...resource, properties: propertiesOf(resource) });
  const isRead = opened.get(resource.subscriptionId.toLowerCase())?.gap === undefined;
  const isKnown = roles.know(access.unresolved);
  return { access, isComplete: isRead && isKnown && isWhole(resource) };
}

function accountOf(
  { opened, roles }: OpenedDirectory,
  { session: { signal, cost } }: DirectoryRead,
): ReturnType<AccessReader['account']> {
  const reads = [...opened.values()];
  const gaps = reads.flatMap(({ gap }) => gap ?? []);
  const unreadable = [...gaps, ...roles.gaps(), ...(signal.aborted ? [interrupted] : [])];
  const isDenied = gaps.length > 0 && gaps.length === reads.length;
  const state = reads.length > 0 ? 'read' : 'empty';
  const notLookedAt = reads.flatMap((one) => one.notLookedAt);
  const part: CoveragePart = {
    name: 'access',
    state: isDenied ? 'denied' : unreadable.length > 0 ? 'partial' : state,
    ...(notLookedAt.length === 0 ? {} : { notLookedAt }),
  };
  return { unreadable, coverage: { part, ...cost } };
}

/** Subscriptions that are opened at a time. */
const concurrency = 8;

const interrupted: Unreadable = {
  scope: 'access',
  kind: 'interrupted',
  reason: 'It was interrupted before all role assignments were read.',
  hint: 'Run it again.',
};

/** True where the properties that decide about access were read. */
function isWhole({ gaps }: Resource): boolean {
  return !gaps.some((gap) => /^properties(?:$|\.(?:enableRbacAuthorization|accessPolicies))/u.test(gap));
}

/** The role definitions that are known so far, and gaps for those that could not be read and that decide about a vault. */
interface RoleCatalogue {
  definitions(): Iterable<RoleDefinition>;
  /** Adds definitions, and reads those of other roles that are assigned; true where there are new ones. */
  learn(definitions: readonly RoleDefinition[], assigned: Iterable<RoleAssignment>): Promise<boolean>;
  /** True where none of some roles is unknown; those that are decide about a vault. */
  know(unresolved: readonly string[]): boolean;
  gaps(): readonly Unreadable[];
}

function roleCatalogue(read: DirectoryRead): RoleCatalogue {
  const known = new Map<string, RoleDefinition>();
  const failed = new Map<string, Unreadable>();
  const missed = new Set<string>();
  return {
    definitions: () => known.values(),
    async learn(definitions, assigned) {
      const before = known.size;
      for (const one of definitions) known.set(one.id, one);
      const tried = (guid: string): boolean => known.has(guid) || failed.has(guid);
      const { found, gaps } = await readRoles(read, assigned, tried);
      for (const one of found) known.set(one.id, one);
      for (const gap of gaps) failed.set(guidOfRole(gap.scope), gap);
      return known.size > before;
    },
    know(unresolved) {
      for (const id of unresolved) missed.add(guidOfRole(id));
      return unresolved.length === 0;
    },
    gaps: () => [...missed].flatMap((guid) => failed.get(guid) ?? []),
  };
}
