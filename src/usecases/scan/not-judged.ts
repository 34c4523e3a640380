import type { NotJudged } from '../../model/report.ts';
import type { Rule } from '../../model/rule.ts';
import type { ResourceSource } from '../../model/source.ts';
import type { SourceName } from '../../model/source-name.ts';
import type { Target } from '../../model/target.ts';
import { knownType, typesReadBy } from '../../resource-types/known-type.ts';

/** What the sources of a scan read. */
export interface Readable {
  readonly readsType: (type: string) => boolean;
}

/** What sources of these names read, by the records of the resource types. */
export function readableBy(names: readonly SourceName[]): Readable {
  return readableTypes(typesReadBy(...names));
}

/** What opened sources read. */
export function readableFrom(sources: readonly ResourceSource[]): Readable {
  return readableTypes(sources.flatMap(({ types }) => types));
}

/** The names of the sources that a target is read by. */
export function sourceNames(target: Target): readonly SourceName[] {
  return target.kind === 'live' ? ['live', ...target.include] : [target.kind];
}

/** The types on which a rule cannot be judged, each with the reason: nothing on them may pass for compliant. */
export function notJudged({ resourceTypes }: Rule, { readsType }: Readable): readonly NotJudged[] {
  return resourceTypes.flatMap((type) => (readsType(type) ? [] : [{ type, reason: reasonFor(type) }]));
}

/** The parts of a scan that would read a type; empty where nothing does. */
export function partsReading(type: string): readonly SourceName[] {
  return (knownType(type)?.readBy ?? []).filter((name) => name !== 'live' && name !== 'inventory');
}

function reasonFor(type: string): string {
  const [part] = partsReading(type);
  return part === undefined
    ? 'No source of this scan reads it.'
    : `It is read with --include ${part}, which this scan was not given.`;
}

function readableTypes(types: readonly string[]): Readable {
  const read = new Set(types.map((type) => type.toLowerCase()));
  return { readsType: (type) => read.has(type.toLowerCase()) };
}
