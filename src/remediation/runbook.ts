import type { Resource } from '../model/resource.ts';
import type { CompiledRule } from '../rules/evaluate.ts';
import { knownType } from '../resource-types/known-type.ts';
import { isAboutRetention, isRetentionSet, retentionDays } from './candidate.ts';

/** The manual steps for a failed rule that no request can fix, in order. */
export function runbookFor(compiled: CompiledRule, resource: Resource): readonly string[] {
  if (!isAboutRetention(compiled, resource)) return byRule(compiled);
  if (!isRetentionSet(resource)) return [...tryToSet, ...byRule(compiled)];
  return knownType(resource.type)?.recreate?.(retentionDays(resource)) ?? byRule(compiled);
}

/** What the rule itself says. */
export function byRule({ rule }: CompiledRule): readonly string[] {
  const manual = rule.remediation?.manual;
  return [manual ?? `Change the resource so that this holds: ${rule.title}.`];
}

const tryToSet: readonly string[] = [
  'Leave it: an unset period means 90 days, the maximum.',
  'To make it explicit, try a PATCH request that contains only the period. Microsoft documents that it can only be set at ' +
    'creation, so the service may refuse; trying does no harm. Do not use "az keyvault update": it rewrites ' +
    'the whole vault.',
];
