import type { NotJudged } from '../../model/report.ts';
import type { Resource } from '../../model/resource.ts';
import type { Rule, Condition } from '../../model/rule.ts';
import type { ScanSources } from '../../model/source.ts';
import { type CoveragePartName, partsToInclude, type SourceName } from '../../model/source-name.ts';
import type { Target } from '../../model/target.ts';
import { isAtOrBelow, parsePath } from '../../model/field-path.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { hasRows, knownType, typesReadBy } from '../../resource-types/known-type.ts';

/** The types and facts that the sources of a scan read. */
export interface Readable {
  readonly readsType: (type: string) => boolean;
  /** True where facts of this name are added to resources of the type. */
  readonly readsFacts: (type: string, member: string) => boolean;
  /** False where only code is read, before Azure or other resources have filled in what no declaration shows. */
  readonly readsFilledIn: boolean;
}

/** The types and facts that sources of these names read, by the records of the resource types. */
export function readableBy(names: readonly SourceName[]): Readable {
  const readsType = isAmong(typesReadBy(...names));
  return {
    readsType,
    readsFacts: (type, member) => names.some((name) => name === factsOf(type)[member]),
    readsFilledIn: !readsCodeOnly(names),
  };
}

/** The types and facts that opened sources read. */
export function readableFrom({ sources, facts = [] }: ScanSources): Readable {
  const held = [...facts, ...sources.flatMap(({ holds = [] }) => holds)];
  return {
    readsType: isAmong(sources.flatMap(({ types }) => types)),
    readsFacts: (type, member) =>
      held.some(({ types, members }) => isAmong(types)(type) && members.includes(member)),
    readsFilledIn: !readsCodeOnly(sources.map(({ name }) => name)),
  };
}

function readsCodeOnly(names: readonly SourceName[]): boolean {
  return names.length > 0 && names.every((name) => name === 'template' || name === 'plan');
}

/**
 * True where what came of a type is whole enough to be judged: an export of something that only a part of a scan reads
 * lacks what that part adds to it. A type that purgeproof does not know is judged as it is.
 */
export function isJudgeable(type: string, { readsType }: Readable): boolean {
  return readsType(type) || knownType(type) === undefined || hasRows(type);
}

/** Finds the rules that can be judged on a type, once per type and not once per resource. */
export function rulesByType(
  rules: readonly CompiledRule[],
  readable: Readable,
): (type: string) => readonly CompiledRule[] {
  const known = new Map<string, readonly CompiledRule[]>();
  const isJudged =
    (type: string) =>
    ({ rule, appliesTo }: CompiledRule): boolean =>
      appliesTo(type) &&
      isJudgeable(type, readable) &&
      missingFacts(rule, type, readable).length === 0 &&
      filledInField(rule, type, readable) === undefined;
  return (type) => {
    const found = known.get(type) ?? rules.filter(isJudged(type));
    known.set(type, found);
    return found;
  };
}

/** The names of the sources that a target is read by, the one that reads what is in its scope first. */
export function sourceNames(target: Target): readonly [SourceName, ...SourceName[]] {
  if (target.kind === 'archive') return target.sources;
  return target.kind === 'live' ? ['live', ...target.include] : [target.kind];
}

/** The types on which a rule cannot be judged, each with the reason: nothing on them may pass for compliant. */
export function notJudged(rule: Rule, readable: Readable): readonly NotJudged[] {
  const { notEvaluated } = rule.policy ?? {};
  return rule.resourceTypes.flatMap((type) => {
    if (notEvaluated !== undefined) return [{ type, reason: notEvaluated }];
    if (!readable.readsType(type)) return [unreadType(type)];
    const [member] = missingFacts(rule, type, readable);
    if (member !== undefined) return [unreadFacts(type, member)];
    const field = filledInField(rule, type, readable);
    return field === undefined
      ? []
      : [{ type, reason: `No declaration shows ${field}: it is filled in later.` }];
  });
}

/** A field that a rule reads, and that is only there once the resource is deployed. */
function filledInField(
  { when, require }: Pick<Rule, 'when' | 'require'>,
  type: string,
  { readsFilledIn }: Readable,
): string | undefined {
  if (readsFilledIn) return undefined;
  const read = [...(when === undefined ? [] : pathsIn(when)), ...pathsIn(require)];
  return knownType(type)?.filledIn.find((field) => read.some((path) => isAtOrBelow(path, field)));
}

/** The facts that a rule needs of a type, and that nothing adds: without them they would look unset. */
export function missingFacts(
  rule: Pick<Rule, 'when' | 'require'>,
  type: string,
  { readsFacts }: Pick<Readable, 'readsFacts'>,
): readonly string[] {
  const facts = Object.keys(factsOf(type));
  if (facts.length === 0) return [];
  const read = membersRead(rule);
  return facts.filter((member) => read.has(member) && !readsFacts(type, member));
}

/** The top-level members of a body that the conditions of a rule read, such as `properties`. */
function membersRead({ when, require }: Pick<Rule, 'when' | 'require'>): ReadonlySet<string> {
  const paths = [...(when === undefined ? [] : pathsIn(when)), ...pathsIn(require)];
  return new Set(
    paths.flatMap((path) => {
      const [root] = parsePath(path);
      return root?.kind === 'key' ? [root.key] : [];
    }),
  );
}

function pathsIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'allOf':
    case 'anyOf':
      return condition.conditions.flatMap(pathsIn);
    case 'not':
      return pathsIn(condition.condition);
    case 'comparison': {
      const { operand } = condition;
      if (operand.kind === 'field') return [operand.path];
      if (operand.kind === 'value') return [];
      const inside = operand.where === undefined ? [] : pathsIn(operand.where);
      return operand.kind === 'count' ? [operand.field, ...inside] : inside;
    }
  }
}

/** The part of a scan without which a rule is judged on none of its types; `undefined` where none would help. */
export function partNeeded({ resourceTypes, ...rule }: Rule, { readsFacts }: Readable): string | undefined {
  const parts = resourceTypes.flatMap((type) => [
    ...partsReading(type),
    ...missingFacts(rule, type, { readsFacts }).map((name) => factsOf(type)[name]),
  ]);
  return parts[0];
}

function partsReading(type: string): readonly CoveragePartName[] {
  return partsToInclude.filter((part) => knownType(type)?.readBy.includes(part));
}

function factsOf(type: string): Readonly<Record<string, CoveragePartName>> {
  return knownType(type)?.facts ?? {};
}

function unreadType(type: string): NotJudged {
  const [include] = partsReading(type);
  return include === undefined
    ? { type, reason: 'No source of this scan reads it.' }
    : { type, include, reason: `It is read with --include ${include}, which this scan was not given.` };
}

function unreadFacts(type: string, member: string): NotJudged {
  const include = factsOf(type)[member];
  return {
    type,
    ...(include === undefined ? {} : { include }),
    reason: `Its ${member} is read with --include ${include ?? ''}, which this scan was not given.`,
  };
}

function isAmong(types: readonly string[]): (type: string) => boolean {
  const known = new Set(types.map((type) => type.toLowerCase()));
  return (type) => known.has(type.toLowerCase());
}

/** True for a type itself, and for what is in resources of that type. */
export function concerns(type: string): (judged: string) => boolean {
  const wanted = type.toLowerCase();
  return (judged) => [judged, knownType(judged)?.partOf].some((one) => one?.toLowerCase() === wanted);
}

/** A resource as its source returns it: facts about it are not known yet. */
export function withoutFacts(resource: Resource): Resource {
  const facts = Object.keys(knownType(resource.type)?.facts ?? {});
  return facts.length === 0 ? resource : { ...resource, gaps: [...resource.gaps, ...facts] };
}
