import type { Resource } from '../model/resource.ts';
import type { Condition } from '../model/rule.ts';
import type { ResourceScope } from '../model/resource-scope.ts';
import type { RowFilter, ScopeToCount } from '../model/rows-wanted.ts';
import { placeOfScope } from '../model/scoped-values.ts';
import type { ScanFilter } from '../model/scan-filter.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { CompiledRule, Test } from './condition/compiled.ts';
import { every, some } from './condition/truth.ts';
import { compileCondition } from './condition/compile-condition.ts';
import { isNever, render } from './kql/expression.ts';
import { conditionOnRows } from './kql/prefilter.ts';

/** A value that a filter names: `name kv-a`. */
export interface FilterTerm {
  readonly text: string;
  readonly test: Test;
}

/** A filter made ready: a resource is kept unless it certainly fails one of `groups`, each a list of alternatives. */
export interface CompiledFilter extends RowFilter {
  readonly asked: ScanFilter;
  readonly groups: readonly (readonly FilterTerm[])[];
  /** True where a resource may match without matching every term. */
  readonly hasAlternatives: boolean;
}

/** A term, and the condition that it stands for, in the words of rules. */
interface WrittenTerm {
  readonly text: string;
  readonly condition: Condition;
}

/**
 * Prepares a filter. It is a condition as rules have them, so that Resource Graph approximates it as it does rules, and one
 * evaluator decides; what of a resource could not be read leaves the resource in.
 */
export function compileFilter(asked: ScanFilter, types: readonly string[]): CompiledFilter {
  const written = groupsOf(asked);
  const groups = written.map((terms) =>
    terms.map(({ text, condition }) => ({ text, test: compileCondition(condition).test })),
  );
  const whole: Condition = { kind: 'allOf', conditions: written.map(anyTerm) };
  const { mayHold, mayFail } = conditionOnRows(compileCondition(whole), types);
  return {
    asked,
    groups,
    keeps: (resource) => mayMatch(groups, resource),
    where: render(mayHold),
    ...(isNever(mayFail) ? {} : { unsure: render(mayFail) }),
    hasAlternatives: groups.some(({ length }) => length > 1),
  };
}

/** More would make the query long: of those behind, a scan says only what names tell. */
const mostScopes = 30;

/** The scopes that give parameters to rules on a type, each once, with the rows that may be in them. */
export function scopesToCount(rules: readonly CompiledRule[], type: string): readonly ScopeToCount[] {
  const entries = rules.flatMap((rule) => (rule.appliesTo(type) ? (rule.byScope ?? []) : []));
  const byPlace = new Map(entries.map((entry) => [placeOfScope(entry), entry.scope]));
  return [...byPlace]
    .slice(0, mostScopes)
    .map(([scope, asked]) => ({ scope, where: rowsInScope(asked, [type]) }));
}

/** KQL that holds on every row that may be in a scope, as far as rows tell; those of some types. */
function rowsInScope(scope: ResourceScope, types: readonly string[]): string {
  const { resource, resourceGroup, name, tag = {} } = scope;
  const conditions = [
    ...(resource === undefined ? [] : [like('id', withoutEnd(resource))]),
    ...(resourceGroup === undefined ? [] : [inGroup(resourceGroup)]),
    ...(name === undefined ? [] : [like('name', name)]),
    // What a path cannot name is left to the evaluator.
    ...Object.entries(tag).flatMap(([key, value]) => (/['\]]/.test(key) ? [] : [hasTag(key, value)])),
  ];
  const { mayHold } = conditionOnRows(compileCondition({ kind: 'allOf', conditions }), types);
  return render(mayHold);
}

/** A bare name is a group of any subscription; an id is that of a group, or of something in it. */
function inGroup(written: string): Condition {
  const [id] = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(written) ?? [];
  return id === undefined ? like('resourceGroup', written) : like('id', `${id}/*`);
}

function mayMatch(groups: CompiledFilter['groups'], resource: Resource): boolean {
  // What is in a vault is read for the vaults of the filter alone, and has tags of its own.
  if (knownType(resource.type)?.partOf !== undefined) return true;
  const { body, gaps } = resource;
  const subject = { body, gaps, elements: [] };
  return every(groups, (terms) => some(terms, ({ test }) => test(subject))) !== false;
}

function anyTerm(terms: readonly WrittenTerm[]): Condition {
  return { kind: 'anyOf', conditions: terms.map(({ condition }) => condition) };
}

function groupsOf({ resourceGroups = [], vaults = [], tags = [] }: ScanFilter): readonly WrittenTerm[][] {
  const byTag = new Map<string, WrittenTerm[]>();
  for (const tag of tags) {
    const { name, term } = tagTerm(tag);
    byTag.set(name, [...(byTag.get(name) ?? []), term]);
  }
  return [resourceGroups.map(groupTerm), vaults.map(vaultTerm), ...byTag.values()].filter(
    ({ length }) => length > 0,
  );
}

function groupTerm(written: string): WrittenTerm {
  const text = `resource group ${written}`;
  if (written.startsWith('/')) return { text, condition: like('id', `${withoutEnd(written)}/*`) };
  return { text, condition: like('resourceGroup', written) };
}

function vaultTerm(written: string): WrittenTerm {
  const text = `name ${written}`;
  return {
    text,
    condition: written.startsWith('/') ? like('id', withoutEnd(written)) : like('name', written),
  };
}

function tagTerm(written: string): { readonly name: string; readonly term: WrittenTerm } {
  const [name = '', ...value] = written.split('=');
  const operand = { kind: 'field', path: `tags['${name}']` } as const;
  const condition: Condition =
    value.length === 0
      ? { kind: 'comparison', operand, operator: 'exists', expected: true }
      : hasTag(name, value.join('='));
  return { name: name.toLowerCase(), term: { text: `tag ${written}`, condition } };
}

function hasTag(name: string, value: string): Condition {
  const operand = { kind: 'field', path: `tags['${name}']` } as const;
  return { kind: 'comparison', operand, operator: 'equals', expected: literal(value) };
}

function like(path: string, expected: string): Condition {
  return {
    kind: 'comparison',
    operand: { kind: 'field', path },
    operator: 'like',
    expected: literal(expected),
  };
}

/** Text that means itself where rules have templates: two brackets stand for one. */
function literal(text: string): string {
  return text.startsWith('[') ? `[${text}` : text;
}

function withoutEnd(id: string): string {
  return id.replace(/\/+$/, '');
}
