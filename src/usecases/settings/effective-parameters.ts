import type { EffectiveParameter, EffectiveScope } from '../../model/effective-settings.ts';
import { canonicalJson } from '../../model/json.ts';
import type { ScopedValues } from '../../model/scoped-values.ts';
import type { ParameterSetting } from '../../model/settings.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { inPrecedence } from '../../rules/scopes/values.ts';
import { settingInForce } from './parameter-values.ts';
import { toOrigin } from './value-origins.ts';

/** The parameters of a rule outside of every scope, each with its origin. */
export function effectiveParametersOf(
  { rule, parameters }: CompiledRule,
  settings: readonly ParameterSetting[],
): readonly EffectiveParameter[] {
  return Object.keys(rule.parameters).map((name) => {
    const set = settingInForce(rule, name, settings);
    const origin = set === undefined ? ({ kind: 'default' } as const) : toOrigin(set.origin);
    return { rule: rule.id, name, value: parameters[name] ?? null, origin };
  });
}

/** The entries of the configuration, each with the parameters of all its rules. */
export function effectiveScopesIn(rules: readonly CompiledRule[]): readonly EffectiveScope[] {
  const entries = rules.flatMap(({ rule, byScope = [] }) =>
    byScope.map((entry) => Object.assign({ rule }, entry)),
  );
  const places = new Map<string, typeof entries>();
  for (const entry of withoutShadowed(inPrecedence(entries))) {
    const place = JSON.stringify(entry.origin);
    places.set(place, [...(places.get(place) ?? []), entry]);
  }
  return [...places.values()].flatMap((group): readonly EffectiveScope[] => {
    const [first] = group;
    if (first === undefined) return [];
    const parameters = group.flatMap(({ rule, values }) => scopedParametersIn(rule.id, values));
    return [{ scope: first.scope, origin: toOrigin(first.origin), parameters }];
  });
}

/** Leaves out values that are never in force: a file sets them again for the same scope, above the one that they are from. */
function withoutShadowed<T extends ScopedValues & Pick<CompiledRule, 'rule'>>(
  entries: readonly T[],
): readonly T[] {
  const taken = new Set<string>();
  return entries.flatMap((entry) => {
    const left = Object.entries(entry.values).filter(([name]) => {
      const key = canonicalJson([entry.rule.id, name, { ...entry.scope }]);
      const isFree = !taken.has(key);
      taken.add(key);
      return isFree;
    });
    return left.length === 0 ? [] : [Object.assign({}, entry, { values: Object.fromEntries(left) })];
  });
}

function scopedParametersIn(rule: string, values: ScopedValues['values']): readonly EffectiveParameter[] {
  return Object.entries(values).map(([name, { value, origin }]) => ({
    rule,
    name,
    value,
    origin: toOrigin(origin),
  }));
}
