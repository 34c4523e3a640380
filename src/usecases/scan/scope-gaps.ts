import type { Unreadable } from '../../model/coverage.ts';
import type { FindingResource } from '../../model/finding.ts';
import { joinWords } from '../../model/join-words.ts';
import type { Location } from '../../model/location.ts';
import type { ResourceScope } from '../../model/resource-scope.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';

/** Several rules that may be in force for a resource, and the keys of scopes of which that depends. */
interface OpenChoice {
  readonly keys: readonly (keyof ResourceScope)[];
  readonly rules: readonly CompiledRule[];
  /** A line of the code that declares it; absent for what is deployed. */
  readonly declaredAt?: Location | undefined;
}

/** The gap because of which it is not known which rule is in force for a resource. */
export function scopeGap(
  resource: FindingResource,
  { keys, rules, declaredAt }: OpenChoice,
): Unreadable | undefined {
  const [first] = rules;
  const what = `${joinWords(differences(rules))} of ${first?.rule.id ?? ''}`;
  if (declaredAt !== undefined) return gapInCode(resource, unknownFields(keys, declaredAt), what);
  const [gap] = keys.flatMap((key) => unknownFacts[key].gap ?? []);
  return gap?.(resource, what);
}

function gapInCode({ id }: FindingResource, fields: readonly string[], what: string): Unreadable {
  return {
    scope: id,
    kind: 'code',
    reason: `What decides ${what} is not known before deployment: ${joinWords(fields)}.`,
    hint: 'Write it in the code, give parametersByScope a scope that the code shows, or set one value with --param.',
  };
}

/** The names in evidence of the facts that are not known. */
export function unknownFields(
  keys: readonly (keyof ResourceScope)[],
  declaredAt: Location | undefined,
): readonly string[] {
  return keys.map((key) => {
    const { field, inCode = field } = unknownFacts[key];
    return declaredAt === undefined ? field : inCode;
  });
}

/** `minimumRetentionDays (7 or 90)`, for each parameter that is not the same in all. */
export function differences(rules: readonly CompiledRule[]): readonly string[] {
  const [first] = rules;
  return Object.keys(first?.parameters ?? {}).flatMap((name) => {
    const values = new Set(rules.map(({ parameters }) => JSON.stringify(parameters[name])));
    return values.size > 1 ? [`${name} (${joinWords([...values], 'or')})`] : [];
  });
}

/** A fact that decides which scopes a resource is in: its name in evidence, and the gap where it is not known. */
interface UnknownFact {
  readonly field: string;
  /** Its name where it is not deployed, if that is another. */
  readonly inCode?: string;
  /** Absent for what is always known of what is deployed. */
  readonly gap?: (resource: FindingResource, what: string) => Unreadable;
}

const unknownFacts: Readonly<Record<keyof ResourceScope, UnknownFact>> = {
  resource: { field: 'id' },
  name: { field: 'name' },
  resourceGroup: { field: 'resource group' },
  tag: {
    field: 'tags',
    inCode: 'tag',
    gap: ({ id }, what) => ({
      scope: id,
      kind: 'resource',
      reason: `Its tags could not be read, and they decide ${what}.`,
      hint: 'Export the column tags, too, or give parametersByScope another scope than a tag.',
    }),
  },
  subscription: {
    field: 'name of the subscription',
    inCode: 'subscription',
    gap: ({ subscriptionId }, what) => ({
      scope: subscriptionId,
      kind: 'subscription',
      reason: `Its name is not known, and it decides ${what}.`,
      hint: 'Name the subscription by its id in parametersByScope.',
    }),
  },
  managementGroup: {
    field: 'management groups of the subscription',
    inCode: 'management group',
    gap: ({ subscriptionId }, what) => ({
      scope: subscriptionId,
      kind: 'subscription',
      reason: `The management groups above it are not known, and they decide ${what}.`,
      hint: 'Scan with an identity that has the role Reader on the subscription, or name subscriptions in parametersByScope. An inventory knows them by rows of resourcecontainers.',
    }),
  },
};
