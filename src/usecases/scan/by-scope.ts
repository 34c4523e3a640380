import type { Unreadable } from '../../model/coverage.ts';
import type { Finding, FindingResource } from '../../model/finding.ts';
import { sameJson } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import type { MetScopes } from '../../model/scoped-values.ts';
import type { Subscription } from '../../model/source.ts';
import { joinWords } from '../../model/join-words.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { isReported, judge, type Verdict } from '../../rules/evaluate.ts';
import { type RulesInForce, rulesInForce, scopedPart } from '../../rules/scopes/in-force.ts';
import type { ScopedResource } from '../../rules/scopes/match.ts';
import { resolveParameterScopes } from '../../rules/scopes/resolve.ts';
import {
  type DescribeVerdict,
  describeUndecided,
  describeInScope,
  findingResource,
  withEvidence,
} from './finding.ts';
import { differences, scopeGap, unknownFields } from './scope-gaps.ts';

/** The verdict of a rule under one set of parameters; without a finding where the rule does not apply. */
interface Outcome {
  readonly rule: CompiledRule;
  readonly verdict: Verdict;
  readonly finding?: Finding;
}

/** A rule on a resource of which it is not known yet which parameters are in force there. */
interface OpenVerdict {
  readonly compiled: CompiledRule;
  readonly resource: FindingResource;
  readonly scoped: ScopedResource;
  readonly outcomes: readonly Outcome[];
}

/** The verdict in the end, and the gap where it still is not known. */
export interface ScopedVerdict {
  readonly verdict: Verdict;
  readonly finding?: Finding;
  readonly gap?: Unreadable;
}

type ClosedVerdict = ScopedVerdict & { readonly compiled: CompiledRule };

/** Prepares every rule. Throws PolicyError where a scope is ambiguous, or two contradict each other. */
export function scopesOf(
  rules: readonly CompiledRule[],
  subscriptions: readonly Subscription[],
): ReadonlyMap<CompiledRule, RulesInForce> {
  return new Map(rules.map((rule) => [rule, rulesInForce(resolveParameterScopes(rule, subscriptions))]));
}

/** Finds a subscription by its id in any letter case. */
function subscriptionById(subscriptions: readonly Subscription[]): (id: string) => Subscription | undefined {
  const known = new Map(subscriptions.map((item) => [item.id.toLowerCase(), item]));
  return (id) => known.get(id.toLowerCase());
}

/** Judges rules whose parameters differ by scope; what depends on subscriptions that are not known yet stays open. */
export interface ScopedJudging {
  /** The verdict; `undefined` where it stays open. */
  judge(base: CompiledRule, resource: Resource, describe: DescribeVerdict): ScopedVerdict | undefined;
  /** Those that stayed open, now that all subscriptions are known. Throws PolicyError as `scopesOf` does. */
  close(subscriptions: readonly Subscription[]): readonly ClosedVerdict[];
  met(): readonly MetScopes[];
}

interface ScopedRequest {
  readonly rules: readonly CompiledRule[];
  readonly includeCompliant: boolean;
  readonly subscriptions: readonly Subscription[] | undefined;
}

/** Begins. Throws PolicyError where the scopes contradict each other. */
export function judgeByScope({ rules, includeCompliant, subscriptions }: ScopedRequest): ScopedJudging {
  const inForce =
    subscriptions === undefined
      ? new Map(rules.map((rule) => [rule, rulesInForce(rule)]))
      : scopesOf(rules, subscriptions);
  const subscriptionOf = subscriptionById(subscriptions ?? []);
  const open: OpenVerdict[] = [];
  let scopes = inForce;
  return {
    judge(base, resource, describe) {
      const found = inForce.get(base)?.find(scopedPart(resource), subscriptionOf(resource.subscriptionId));
      const [compiled = base, ...others] = found ?? [];
      const compliance = judge(compiled, resource);
      const undecided =
        others.length === 0 ? undefined : judgeEach(base, [compiled, ...others], { resource, describe });
      const isSame = undecided?.outcomes.every(({ verdict }) => verdict === compliance) ?? true;
      if (!isReported(compliance, includeCompliant) && isSame) return { verdict: compliance };
      if (undecided !== undefined) open.push(undecided);
      if (undecided !== undefined || compliance === 'notApplicable') return undefined;
      return { verdict: compliance, finding: describeInScope(compiled, describe, { compliance, base }) };
    },
    close(known) {
      if (subscriptions === undefined) scopes = scopesOf(rules, known);
      const find = subscriptionById(known);
      return open.splice(0).map((one) => {
        const scope = scopes.get(one.compiled) ?? rulesInForce(one.compiled);
        const closed = closeVerdict(one, scope, find(one.resource.subscriptionId));
        return Object.assign(closed, { compiled: one.compiled });
      });
    },
    met: () => [...inForce.values(), ...scopes.values()].map((each) => each.met),
  };
}

/** Judges a resource under each set of parameters that may be in force there. */
function judgeEach(
  compiled: CompiledRule,
  possible: readonly CompiledRule[],
  { resource, describe }: { readonly resource: Resource; readonly describe: DescribeVerdict },
): OpenVerdict {
  return {
    compiled,
    resource: findingResource(resource),
    scoped: scopedPart(resource),
    outcomes: possible.map((rule): Outcome => {
      const verdict = judge(rule, resource);
      if (verdict === 'notApplicable') return { rule, verdict };
      return {
        rule,
        verdict,
        finding: describeInScope(rule, describe, { compliance: verdict, base: compiled }),
      };
    }),
  };
}

/** Closes a verdict once all subscriptions are known. It stays unknown where what is not known would make a difference. */
function closeVerdict(
  { compiled, resource, scoped, outcomes }: OpenVerdict,
  inForce: RulesInForce,
  subscription: Subscription | undefined,
): ScopedVerdict {
  const possible = inForce.find(scoped, subscription);
  const left = outcomes.filter(({ rule }) =>
    possible.some(({ parameters }) => sameJson(parameters, rule.parameters)),
  );
  const verdicts = new Set(left.map(({ verdict }) => verdict));
  const [verdict = 'unknown', otherVerdict] = verdicts;
  const findings = left.flatMap(({ finding }) => finding ?? []);
  if (otherVerdict === undefined) return { verdict, ...withEveryFact(findings) };
  const keys = [...inForce.unknownKeys(scoped, subscription)];
  const [declaredAt] = findings.flatMap((one) => one.declaredAt ?? []);
  const finding = describeUndecided(compiled.rule, resource, {
    facts: unknownFields(keys, declaredAt),
    declaredAt,
    parameters: joinWords(differences(left.map(({ rule }) => rule))),
    evidence: findings.flatMap(({ compliance, evidence }) => (compliance === 'compliant' ? [] : evidence)),
  });
  const gap = scopeGap(resource, { keys, rules: left.map(({ rule }) => rule), declaredAt });
  return { verdict: 'unknown', finding, ...(gap === undefined ? {} : { gap }) };
}

/** One finding with the facts of all: it has that verdict whatever the parameters are. */
function withEveryFact([first, ...others]: readonly Finding[]): { readonly finding?: Finding } {
  if (first === undefined) return {};
  if (others.length === 0) return { finding: first };
  const facts = [first, ...others].flatMap(({ evidence }) => evidence);
  const { parameters: _, ...rest } = first;
  return {
    finding: withEvidence(rest, [...new Map(facts.map((one) => [JSON.stringify(one), one])).values()]),
  };
}
