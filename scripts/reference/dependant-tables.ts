import { dependantTypes } from '../../src/resource-types/dependants.ts';
import { markdownTable } from './markdown-table.ts';

/** The table of docs/recovery.md by the name of its place in it. */
export function dependantTables(): ReadonlyMap<string, string> {
  const rows = dependantTypes.map(({ type, properties }) => [
    `\`${type}\``,
    properties.map((property) => `\`${property}\``).join(', '),
  ]);
  return new Map([['dependants', markdownTable(['type', 'properties that name the key'], rows)]]);
}
