import type { NotJudged } from '../../model/report.ts';
import type { Rule, Condition } from '../../model/rule.ts';
import type { ScanSources } from '../../model/source.ts';
import type { CoveragePartName, SourceName } from '../../model/source-name.ts';
import type { Target } from '../../model/target.ts';
import { parsePath } from '../../model/field-path.ts';
import { hasRows, knownType, typesReadBy } from '../../resource-types/known-type.ts';

/** The types and facts that the sources of a scan read. */
export interface Readable {
  readonly readsType: (type: string) => boolean;
  /** True where facts of this name are added to resources of the type. */
  readonly readsFacts: (type: string, member: string) => boolean;
}

/** The types and facts that sources of these names read, by the records of the resource types. */
export function readableBy(names: readonly SourceName[]): Readable {
  const readsType = isAmong(typesReadBy(...names));
  return { readsType, readsFacts: (type, member) => names.some((name) => name === factsOf(type)[member]) };
}

/** The types and facts that opened sources read. */
export function readableFrom({ sources, facts = [] }: ScanSources): Readable {
  return {
    readsType: isAmong(sources.flatMap(({ types }) => types)),
    readsFacts: (type, member) =>
      facts.some(({ types, members }) => isAmong(types)(type) && members.includes(member)),
  };
}

/**
 * True where what came of a type is whole enough to be judged: an export of something that only a part of a scan reads
 * lacks what that part adds to it. A type that purgeproof does not know is judged as it is.
 */
export function isJudgeable(type: string, { readsType }: Readable): boolean {
  return readsType(type) || knownType(type) === undefined || hasRows(type);
}

/** The names of the sources that a target is read by. */
export function sourceNames(target: Target): readonly SourceName[] {
  return target.kind === 'live' ? ['live', ...target.include] : [target.kind];
}

/** The types on which a rule cannot be judged, each with the reason: nothing on them may pass for compliant. */
export function notJudged(rule: Rule, readable: Readable): readonly NotJudged[] {
  return rule.resourceTypes.flatMap((type) => {
    if (!readable.readsType(type)) return [unreadType(type)];
    const [member] = missingFacts(rule, type, readable);
    return member === undefined ? [] : [unreadFacts(type, member)];
  });
}

/** The facts that a rule needs of a type, and that nothing adds: without them they would look unset. */
export function missingFacts(
  rule: Pick<Rule, 'when' | 'require'>,
  type: string,
  { readsFacts }: Readable,
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
      return [operand.field, ...(operand.where === undefined ? [] : pathsIn(operand.where))];
    }
  }
}

/** The part of a scan without which a rule is judged on none of its types; `undefined` where none would help. */
export function partNeeded({ resourceTypes, ...rule }: Rule, { readsFacts }: Readable): string | undefined {
  const parts = resourceTypes.flatMap((type) => [
    ...partsReading(type),
    ...missingFacts(rule, type, { readsType: () => true, readsFacts }).map((name) => factsOf(type)[name]),
  ]);
  return parts[0];
}

function partsReading(type: string): readonly CoveragePartName[] {
  return (knownType(type)?.readBy ?? []).filter((name) => name !== 'live' && name !== 'inventory');
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
