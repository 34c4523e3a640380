import { AzureError } from '../../model/errors.ts';
import { blamesQuery } from './refused-query.ts';
import type { TargetSnapshot } from './target-snapshot.ts';
import type { ReadScope } from './find-scope.ts';
import { idsIn } from './snapshot.ts';

/** The error that ends a read of which nothing can be seen; `undefined` when something can. */
export function emptyScopeError(
  readScope: Pick<ReadScope, 'expected' | 'visible' | 'counts' | 'unreadable'>,
  taken: readonly TargetSnapshot[],
): AzureError | undefined {
  if (idsIn(readScope).size > 0) return undefined;
  if (taken.some(isEmptyGroup)) return undefined;
  const refused = taken.flatMap(({ refused, target: { unlisted } }) => [
    ...refused,
    ...(unlisted === undefined ? [] : [{ error: unlisted }]),
  ]);
  // A query that is refused says nothing of rights.
  const failed = refused.find(({ error }) => !saysInvisible(error) || blamesQuery(error));
  if (failed !== undefined) return failed.error;
  const scopes = [
    ...[...readScope.expected.values()].map(describe),
    ...readScope.unreadable.map(({ scope }) => scope),
  ];
  const message =
    scopes.length === 0
      ? 'this identity has access to no subscription'
      : `nothing in the scope of the scan is visible: ${shorten(scopes)}`;
  // Azure may have refused nothing: a name that it does not list is never asked for.
  const { status = 0, code = '', requestId = '' } = refused[0]?.error ?? {};
  return new AzureError(message, {
    operation: 'look at the subscriptions',
    status,
    code,
    requestId,
    hint:
      readScope.unreadable[0]?.hint ??
      'The identity needs the role Reader (it holds Microsoft.KeyVault/vaults/read) on each subscription, or on a management group above. Check that you signed in to the right tenant: az account show.',
  });
}

/** True where Azure says that a scope does not exist, or is not ours to see; a proxy's refusal has no code of Azure's. */
function saysInvisible({ status, code }: AzureError): boolean {
  return code !== '' && [400, 403, 404].includes(status);
}

/** A management group that can be read, and has no subscriptions: there is nothing to see in it, and that is seen. */
function isEmptyGroup({ target: { scopes, expected } }: TargetSnapshot): boolean {
  return scopes[0]?.kind === 'managementGroup' && expected?.length === 0;
}

function describe({ id, name }: { readonly id: string; readonly name: string }): string {
  return name === id ? id : `${name} (${id})`;
}

function shorten(scopes: readonly string[]): string {
  const shown = scopes.slice(0, 5).join(', ');
  return scopes.length > 5 ? `${shown}, and ${scopes.length - 5} more` : shown;
}
