import type { Json } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import type { ResourceScope } from '../../model/resource-scope.ts';
import type { MetScopes, ScopedValues } from '../../model/scoped-values.ts';
import type { Subscription } from '../../model/source.ts';
import type { CompiledRule } from '../condition/compiled.ts';
import type { ParameterValues } from '../condition/template.ts';
import type { Truth } from '../condition/truth.ts';
import { compileRule } from '../evaluate.ts';
import { compileScope, type ScopedResource, type ScopeTerm, scopeTerms } from './match.ts';
import { inPrecedence } from './values.ts';

/** Finds the rule that is in force for a resource: the rule itself, with the parameters of the most specific scopes there. */
export interface RulesInForce {
  /** Several rules where something that decides between them is not known. */
  find(resource: ScopedResource, subscription?: Subscription): readonly [CompiledRule, ...CompiledRule[]];
  /** The keys of scopes of which it is not known whether the resource matches them. */
  unknownKeys(resource: ScopedResource, subscription?: Subscription): ReadonlySet<keyof ResourceScope>;
  /** Those of the configuration, so far. */
  readonly met: MetScopes;
}

/** Prepares a rule. Names of subscriptions and management groups are ids by then, as far as they are known. */
export function rulesInForce(compiled: CompiledRule): RulesInForce {
  const { byScope = [] } = compiled;
  const met = new Map<ScopedValues, 'certainly' | 'perhaps'>();
  const entries = byScope.map((entry) => ({ ...entry, entry, covers: compileScope(entry.scope) }));
  const ordered = new Map<Subscription | undefined, typeof entries>();
  const names = parameterNames(byScope);
  const variantOf = variants(compiled);

  function coveredBy(resource: ScopedResource, subscription: Subscription | undefined): readonly Covered[] {
    const sorted = ordered.get(subscription) ?? [...inPrecedence(entries, subscription)];
    ordered.set(subscription, sorted);
    return sorted.flatMap(({ entry, covers }) => {
      const truth = covers(resource, subscription);
      if (truth === false) return [];
      if (met.get(entry) !== 'certainly') met.set(entry, truth === true ? 'certainly' : 'perhaps');
      return [{ entry, isCertain: truth === true }];
    });
  }

  return {
    met,
    find(resource, subscription) {
      if (byScope.length === 0) return [compiled];
      const found = coveredBy(resource, subscription);
      let sets: readonly ParameterValues[] = [{}];
      for (const name of names) sets = withEach(sets, name, possibleValues(name, found));
      const [first = compiled, ...others] = new Set(sets.map(variantOf));
      return [first, ...others];
    },
    unknownKeys(resource, subscription) {
      const terms = byScope.flatMap(({ scope }) => unknownTerms(scope, resource, subscription));
      return new Set(terms.map(({ key }) => key));
    },
  };
}

/** An entry whose scope a resource is in, or may be. */
interface Covered {
  readonly entry: ScopedValues;
  readonly isCertain: boolean;
}

function withEach(
  sets: readonly ParameterValues[],
  name: string,
  values: readonly (Json | undefined)[],
): readonly ParameterValues[] {
  return sets.flatMap((set) =>
    values.map((value) => (value === undefined ? set : Object.assign({}, set, { [name]: value }))),
  );
}

/** The terms of a scope that could be true or false, where no other term is false. */
function unknownTerms(
  scope: ResourceScope,
  resource: ScopedResource,
  subscription: Subscription | undefined,
): readonly ScopeTerm[] {
  const truthOf = ({ test }: ScopeTerm): Truth => test(resource, subscription);
  const terms = scopeTerms(scope);
  return terms.some((term) => truthOf(term) === false)
    ? []
    : terms.filter((term) => truthOf(term) === 'unknown');
}

/** The parts of a resource that decide which scopes it is in. */
export function scopedPart(resource: Resource): ScopedResource {
  const { id, name, subscriptionId, resourceGroup, tags, gaps, tagsLeftOut } = resource;
  return {
    name,
    ...(gaps.includes('id') ? {} : { id }),
    ...(gaps.includes('subscriptionId') ? {} : { subscriptionId }),
    ...(gaps.includes('resourceGroup') ? {} : { resourceGroup }),
    ...(tagsLeftOut === true || gaps.includes('tags') ? {} : { tags }),
  };
}

/**
 * The rule with every set of parameters that it may have somewhere. A rule with so many sets that they are too many to be
 * looked at one by one has those in which one parameter is set at a time, and is not `whole`.
 */
export function everyVariant(compiled: CompiledRule): {
  readonly rules: readonly CompiledRule[];
  readonly whole: boolean;
} {
  const { byScope = [] } = compiled;
  if (byScope.length === 0) return { rules: [compiled], whole: true };
  const choices = parameterNames(byScope).map((name) => ({ name, values: valuesOf(name, byScope) }));
  const size = choices.reduce((product, { values }) => product * (values.length + 1), 1);
  const whole = size <= mostVariants;
  const sets = whole
    ? choices.reduce<readonly ParameterValues[]>(
        (some, { name, values }) => withEach(some, name, [undefined, ...values]),
        [{}],
      )
    : [{}, ...choices.flatMap(({ name, values }) => withEach([{}], name, values))];
  const variantOf = variants(compiled);
  return { rules: [...new Set(sets.map(variantOf))], whole };
}

const mostVariants = 64;

/** Every set of parameters that a rule may have somewhere; `undefined` where these are too many. */
export function allVariants(compiled: CompiledRule): readonly CompiledRule[] | undefined {
  const { rules, whole } = everyVariant(compiled);
  return whole ? rules : undefined;
}

function parameterNames(entries: readonly ScopedValues[]): readonly string[] {
  return [...new Set(entries.flatMap(({ values }) => Object.keys(values)))];
}

function valuesOf(name: string, entries: readonly ScopedValues[]): readonly Json[] {
  const found = entries.flatMap(({ values }) => values[name] ?? []);
  return [...new Map(found.map(({ value }) => [JSON.stringify(value), value])).values()];
}

/** The values that a parameter may have, `undefined` for that of the rule itself; the first certain scope decides. */
function possibleValues(name: string, found: readonly Covered[]): readonly (Json | undefined)[] {
  const possible: Json[] = [];
  for (const { entry, isCertain } of found) {
    const set = entry.values[name];
    if (set !== undefined) possible.push(set.value);
    if (set !== undefined && isCertain) return possible;
  }
  return [...possible, undefined];
}

/** Compiles a rule for each set of values once. */
function variants(compiled: CompiledRule): (values: ParameterValues) => CompiledRule {
  const { byScope: _, ...base } = compiled;
  const known = new Map([[JSON.stringify(base.parameters), compiled]]);
  return (values) => {
    const parameters = { ...base.parameters, ...values };
    const key = JSON.stringify(parameters);
    const variant = known.get(key) ?? compileRule(base.rule, parameters);
    known.set(key, variant);
    return variant;
  };
}
