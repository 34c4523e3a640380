import { joinFirst } from '../../model/join-words.ts';
import { canonicalJson } from '../../model/json.ts';
import type { ReportScopedParameters } from '../../model/report.ts';
import { resourceScopeWords } from '../../reporters/words/resource-scope.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { sha256 } from '../../remediation/canonical-json.ts';

/** The parameters of a rule that are others in some scopes. */
export function scopedParametersOf({ byScope = [] }: CompiledRule): readonly ReportScopedParameters[] {
  return byScope.map(({ scope, values }) => ({
    scope,
    parameters: Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value])),
  }));
}

/** The parameters of scopes as a sentence: `Elsewhere: minimumRetentionDays = 7 for tag env=dev.`; empty where there are none. */
export function judgedElsewhere(scopes: readonly ReportScopedParameters[]): string {
  if (scopes.length === 0) return '';
  const named = scopes.map(({ scope, parameters }) => {
    const set = Object.entries(parameters).map(
      ([name, value]) => `${name} = ${shortened(JSON.stringify(value))}`,
    );
    return `${set.join(', ')} for ${resourceScopeWords(scope)}`;
  });
  return `Elsewhere: ${joinFirst(named, 5)}.`;
}

/** True where the same scopes have the same values, in whatever order they are written. */
export function sameScopes(
  one: readonly ReportScopedParameters[],
  other: readonly ReportScopedParameters[],
): boolean {
  return inOneOrder(one) === inOneOrder(other);
}

function inOneOrder(scopes: readonly ReportScopedParameters[]): string {
  return JSON.stringify(scopes.map((one) => canonicalJson({ ...one, scope: { ...one.scope } })).toSorted());
}

/** Long lists would not fit where descriptions are shown; all that matters is that another list reads otherwise. */
export function shortened(value: string): string {
  return value.length <= 80 ? value : `${value.slice(0, 60)}… (SHA-256 ${sha256(value).slice(0, 12)})`;
}
