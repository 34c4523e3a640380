import { readRestFailure } from '../../azure/rest-failure.ts';
import { AzureError } from '../../model/errors.ts';
import { explainForbidden } from '../../model/forbidden.ts';
import type { Unreadable } from '../../model/coverage.ts';
import type { JsonObject } from '../../model/json.ts';
import { joinFirst, joinWords } from '../../model/join-words.ts';
import type { Refusal } from '../../model/refusal.ts';
import type { Resource } from '../../model/resource.ts';
import type { ObjectCollection } from '../../model/vault-plane.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { type FoundObject, type FoundObjects, objectName, typeOfCollection } from './object.ts';

/** The collections of a vault: keys first, which ARM lists as well. */
export const objectCollections: readonly ObjectCollection[] = [
  'keys',
  'secrets',
  'certificates',
  'deletedkeys',
  'deletedsecrets',
  'deletedcertificates',
];

/** The reason why a collection could not be read, without a full stop, and advice. */
export interface Failure {
  readonly kind: 'denied' | 'unreachable' | 'failed';
  readonly reason: string;
  readonly hint: string;
  /** The right that is missing: the rights that are missing for one cause are reported together. */
  readonly missing?: MissingRight;
}

/** A right as Key Vault calls it: a data action, or a collection that an access policy permits to list. */
interface MissingRight {
  readonly code: 'ForbiddenByRbac' | 'ForbiddenByPolicy';
  readonly right: string;
}

/** A collection as far as it could be read, and why no further. */
export interface CollectionRead extends FoundObjects {
  readonly failure?: Failure;
}

/** All collections of a vault. */
export type CollectionReads = Readonly<Record<ObjectCollection, CollectionRead>>;

/** A collection of which nothing could be read. */
export function unreadCollection(failure: Failure): CollectionRead {
  return { found: new Map(), complete: false, failure };
}

/**
 * Reads a collection, and gathers its rows by name. One that is about nothing in the collection
 * leaves it incomplete, and two different ones about the same object leave that undecided.
 */
export async function collect(
  list: () => Promise<readonly JsonObject[]>,
  collection: ObjectCollection,
  signal: AbortSignal,
): Promise<CollectionRead> {
  const found = new Map<string, FoundObject>();
  let failure: Failure | undefined;
  try {
    for (const row of await list()) failure = enter(found, row, collection) ?? failure;
  } catch (error) {
    if (signal.aborted) failure = interruption;
    else if (!(error instanceof AzureError)) throw error;
    else if (!hasNoBin(error, collection)) failure = failureOf(error);
  }
  return { found, complete: failure === undefined, ...(failure === undefined ? {} : { failure }) };
}

function enter(
  found: Map<string, FoundObject>,
  row: JsonObject,
  collection: ObjectCollection,
): Failure | undefined {
  const name = objectName(row, collection);
  if (name === undefined) return malformed;
  const known = found.get(name.toLowerCase());
  const conflicting = known !== undefined && JSON.stringify(known.row) !== JSON.stringify(row);
  if (known === undefined || conflicting) found.set(name.toLowerCase(), { name, row, conflicting });
  return undefined;
}

const interruption: Failure = { kind: 'failed', reason: 'it was interrupted', hint: 'Run the scan again.' };

const malformed: Failure = {
  kind: 'failed',
  reason: 'an entry of the list names no object of this vault',
  hint: 'Something between here and Azure may cut or rewrite answers: check the proxy, and try again.',
};

/**
 * True where there is no recycle bin, since soft delete is off: `Operation "…" is not enabled for this vault.`
 * Source: hashicorp/terraform-provider-azurerm#10132
 */
function hasNoBin({ code, message }: AzureError, collection: ObjectCollection): boolean {
  return collection.startsWith('deleted') && code === 'NotSupported' && /not enabled/i.test(message);
}

/** The refusals for which no list of the vault is answered from here. */
const closed = new Set(['ForbiddenByFirewall', 'ForbiddenByConnection']);

function failureOf(error: AzureError): Failure {
  const { status, operation, hint, message, cause } = error;
  const refusal = readRestFailure(cause);
  const { innerCode = '' } = refusal ?? {};
  const missing = refusal === undefined ? undefined : missingRight(refusal);
  const explained = refusal === undefined ? undefined : explainForbidden(refusal);
  const isUnreachable = closed.has(innerCode) || status === 0 || operation === 'sign in';
  const [said = ''] = message.replace(/^could not .*?: /, '').split(/[\r\n]/, 1);
  const reason = explained === undefined ? said : lowered(explained.reason);
  return {
    kind: isUnreachable ? 'unreachable' : status === 403 ? 'denied' : 'failed',
    reason: innerCode === '' ? reason : `${reason} (${innerCode})`,
    hint: explained?.hint ?? hint,
    ...(missing === undefined ? {} : { missing }),
  };
}

function missingRight({
  innerCode,
  message,
}: Pick<Refusal, 'innerCode' | 'message'>): MissingRight | undefined {
  const code = (['ForbiddenByRbac', 'ForbiddenByPolicy'] as const).find((one) => one === innerCode);
  const right = code === undefined ? undefined : rightIn[code].exec(message)?.[1];
  return code === undefined || right === undefined ? undefined : { code, right };
}

const rightIn = {
  ForbiddenByRbac: /Action: '([^']+)'/,
  ForbiddenByPolicy: /does not have (\w+) list permission/,
};

function lowered(words: string): string {
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

/** Failures with one cause, and what could not be read for it. */
interface Cause {
  readonly failures: readonly Failure[];
  readonly what: readonly string[];
}

/** A gap for each cause for which something in a vault could not be read. */
export function unreadGaps({ id, name }: Resource, reads: CollectionReads): readonly Unreadable[] {
  const causes = new Map<string, Cause>();
  for (const collection of objectCollections) {
    const { failure } = reads[collection];
    if (failure === undefined) continue;
    const { failures, what } = causes.get(causeOf(failure)) ?? { failures: [], what: [] };
    const word = knownType(typeOfCollection(collection))?.words.many ?? collection;
    causes.set(causeOf(failure), { failures: [...failures, failure], what: [...what, word] });
  }
  return Array.from(causes.values(), ({ failures, what }) => {
    const { reason, hint } = joined(failures, name);
    return {
      scope: id,
      kind: 'resource',
      reason: `Its ${joinWords(what)} could not be read: ${reason}.`,
      hint,
    };
  });
}

function causeOf({ missing, reason }: Failure): string {
  return missing?.code ?? reason;
}

function joined(failures: readonly Failure[], vault: string): Pick<Failure, 'reason' | 'hint'> {
  const rights = [...new Set(failures.flatMap(({ missing }) => missing?.right ?? []))];
  const [first = interruption] = failures;
  if (rights.length < 2) return first;
  if (first.missing?.code === 'ForbiddenByRbac')
    return {
      reason: `no role of this identity grants ${joinWords(rights)} on it (ForbiddenByRbac)`,
      hint: 'Have Key Vault Reader assigned on it or above: it holds these data actions, and none that returns a value. A new assignment takes effect after a few minutes.',
    };
  const flags = rights
    .map((right) => `--${right.replace(/s$/, '')}-permissions <those that it has> list`)
    .join(' ');
  return {
    reason: `no access policy of the vault gives this identity list on ${joinWords(rights)} (ForbiddenByPolicy)`,
    hint: `Have it added to the permissions that its access policy has, which this command replaces: \`az keyvault set-policy --name ${vault} --object-id <object id> ${flags}\``,
  };
}

/** The gap of objects of which something could not be read that a rule needs; none without such objects. */
export function halfReadGap({ id }: Resource, halfRead: readonly Resource[]): readonly Unreadable[] {
  if (halfRead.length === 0) return [];
  const fields = joinWords([...new Set(halfRead.flatMap(({ gaps }) => gaps))]);
  const names = halfRead.map(({ name }) => name);
  const reason = `${joinFirst(names, 1)} could not be read in full: ${fields}.`;
  return [
    {
      scope: id,
      kind: 'resource',
      reason,
      hint: 'Run the scan again; if it stays, look at the object with az keyvault.',
    },
  ];
}
