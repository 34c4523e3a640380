import { isJsonObject, type Json } from '../../../model/json.ts';
import { isCutOff, cutOffHint } from './cut-off.ts';
import { exportCommand } from './export-again.ts';
import { type Recognised, shortLine } from './format.ts';
import { type Keys, rowFormats } from './row-formats.ts';

/** Recognises a row, or a whole document, that is not a resource; `undefined` where it is unknown. */
export function recogniseRow(row: Json): Recognised | undefined {
  if (isCutOff(row)) return { what: 'a row that ConvertTo-Json cut off', hint: cutOffHint };
  if (!isJsonObject(row)) return undefined;
  const keys: Keys = new Map(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]));
  for (const recognise of rowFormats) {
    const recognised = recognise(keys);
    if (recognised !== undefined) return recognised;
  }
  return isProjected(keys) ? projectedRow(Object.keys(row)) : undefined;
}

/** A row of a query that projects or summarizes. */
function isProjected(keys: Keys): boolean {
  return keys.size > 0 && !['id', 'type', 'value', 'data', 'properties'].some((name) => keys.has(name));
}

function projectedRow(columns: readonly string[]): Recognised {
  return {
    what: `not a resource: it has no "id", only ${shortLine(columns.join(', '))}`,
    hint: `The query has to return whole rows, without project, summarize or count: ${exportCommand}`,
  };
}
