import { resolve } from 'node:path';
import { signInFiles } from '../azure/sign-in/files.ts';
import { checkDestinations } from '../files/destinations/check.ts';
import { writeDocuments } from '../files/destinations/write.ts';
import { policyFiles } from '../files/policy-files.ts';
import type { DeletedVault, ExpectedSubscriptions, VaultAddress } from '../model/arm-ports.ts';
import type { NameClaim } from '../model/deleted-report.ts';
import { UsageError } from '../model/errors.ts';
import { type DeletedListFormat, deletedListFormats } from '../reporters/deleted-list.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import {
  deletedListExitCode,
  type DeletedListing,
  listDeleted,
  toDeletedList,
} from '../usecases/deleted/list-deleted.ts';
import { refuseMissing } from '../usecases/settings/named-paths.ts';
import { type CommandContext, connectOptions } from './context.ts';
import type { DeletedOptions } from './deleted-options.ts';
import { readDestinations } from './destinations.ts';
import { exitCodeWith } from './lost-documents.ts';
import { tell, terminalOf } from './terminal.ts';

/** Opens ARM, and lists the recycle bins of the subscriptions that the flags name. */
export async function openDeleted(options: DeletedOptions, context: CommandContext) {
  const connection = connectOptions(options, context);
  const { openVaults } = await import('../sources/open-vaults.ts');
  const { signal } = context.world;
  const open = openVaults(connection);
  const { subscription: subscriptions, managementGroup: managementGroups } = options;
  const expected = await open.expected({ subscriptions, managementGroups }, signal);
  const listing = await listDeleted(open.recycleBin, expected, signal);
  if (subscriptions.length + managementGroups.length > 0) await refuseNothingVisible(expected, listing);
  // No recycle bin was read: that it is empty is not known.
  else if (expected.found.length === 0) throw noSubscription;
  return { open, expected, requestTimeoutMs: connection.requestTimeoutMs, listing };
}

const noSubscription = new UsageError(
  'This identity has access to no subscription.',
  'It needs the role Reader on each subscription, or on a management group above. Check that you signed in to the right tenant: `az account show`',
);

/** Refuses a scope in which nothing that was named is visible. */
async function refuseNothingVisible(
  { found, unknown, suggest, gaps: [gap] }: ExpectedSubscriptions,
  { absent }: DeletedListing,
): Promise<void> {
  if (absent.length < found.length + unknown.length) return;
  if (absent.length === 0 && gap !== undefined) throw new UsageError(`${gap.scope}: ${gap.reason}`, gap.hint);
  if (absent.length === 0) return;
  const suggestions = await Promise.all(absent.map(suggest));
  throw new UsageError(
    `No visible subscription is called ${absent.map((name) => JSON.stringify(name)).join(' or ')}.${suggestions.join('')}`,
    'Check the name, and that you signed in to its tenant: `az account list`',
  );
}

/** The display names of subscriptions, by their ids. */
export function displayNames(found: ExpectedSubscriptions['found']): (scope: string) => string {
  const names = new Map(found.map(({ id, name }) => [id.toLowerCase(), name]));
  return (scope) => names.get(scope.toLowerCase().replace(/^\/subscriptions\/(?=[^/]+$)/, '')) ?? scope;
}

/** The flags of the list of recycle bins. */
export interface ListOptions extends DeletedOptions {
  readonly sourceRoot?: string;
}

/** Lists recycle bins, and returns the exit code. */
export async function listCommand(options: ListOptions, context: CommandContext): Promise<number> {
  const { world } = context;
  const destinations = readDestinations<DeletedListFormat>(options.output, deletedListFormats);
  const { sourceRoot } = options;
  if (sourceRoot !== undefined)
    await refuseMissing(
      [{ path: sourceRoot, origin: `--source-root ${sourceRoot}`, kind: 'folder' }],
      policyFiles(world),
    );
  await checkDestinations(destinations, { cwd: world.cwd, files: signInFiles(world.env), sourceRoot });
  const { open, listing, expected } = await openDeleted(options, context);
  const { gaps, ...claims } = await findClaims(listing.deleted, options, { world, open });
  const list = toDeletedList(
    { ...listing, unreadable: [...listing.unreadable, ...gaps] },
    world.now(),
    claims,
  );
  const nameOf = displayNames(expected.found);
  const disabled = expected.found.flatMap(({ name, isDisabled }) => (isDisabled === true ? [name] : []));
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(list, { terminal: terminalOf(to, world, options.color), nameOf, disabled }),
    world,
  );
  return exitCodeWith(lost, deletedListExitCode(list), world);
}

interface ClaimPlaces extends Pick<CommandContext, 'world'> {
  readonly open: Pick<Awaited<ReturnType<typeof openDeleted>>['open'], 'dependants'>;
}

/** Finds what wants the names of what is deleted: live vaults, and declarations where a folder with code is named. */
async function findClaims(
  deleted: readonly DeletedVault[],
  { sourceRoot, quiet }: ListOptions,
  { world, open }: ClaimPlaces,
) {
  const vaults = deleted.map(({ vault }) => vault);
  const { live, gaps, notLookedAt } = await open.dependants.namesakes(vaults, world.signal);
  const code =
    sourceRoot === undefined
      ? undefined
      : await (
          await import('../files/checkout/code-anchors.ts')
        ).declaredPlaces({
          resources: deleted.map(({ vault, location }) => ({ ...vault, location })),
          sourceRoot: resolve(world.cwd, sourceRoot),
          signal: world.signal,
        });
  if (quiet !== true) for (const note of code?.notes ?? []) await tell(terminalText(note), world);
  const claimsOn = ({ id, type, name }: VaultAddress): readonly NameClaim[] => [
    ...(live.get(`${type}/${name}`.toLowerCase()) ?? []).map((of) => ({ kind: 'resource', id: of }) as const),
    ...(code?.places.get(id.toLowerCase()) ?? []).map(
      ({ file, line, column }) => ({ kind: 'declaration', file, line, column }) as const,
    ),
  ];
  if (sourceRoot === undefined || code !== undefined) return { claimsOn, gaps, notLookedAt };
  const reason = 'It was interrupted before the code in it was read.';
  const cut = { scope: sourceRoot, kind: 'interrupted', reason, hint: 'List again.' } as const;
  return { claimsOn, gaps: [...gaps, cut], notLookedAt };
}
