import { isJsonObject, type Json } from '../../model/json.ts';
import type { Unreadable } from '../../model/coverage.ts';
import type { Resource } from '../../model/resource.ts';
import { cutOffHint, holdsCutOff } from './recognise/cut-off.ts';
import { graphQuery } from './recognise/export-again.ts';

/** The gap that is reported for a resource that the inventory shows only in part. */
export function explainGaps({ id, gaps, body }: Resource): Unreadable {
  return { scope: id, kind: 'resource', ...reasonFor(gaps, body['properties']) };
}

function reasonFor(
  gaps: readonly string[],
  properties: Json | undefined,
): Pick<Unreadable, 'reason' | 'hint'> {
  const places = gaps.join(', ');
  if (holdsCutOff(properties))
    return { reason: `ConvertTo-Json cut off what is in ${places}.`, hint: cutOffHint };
  if (!gaps.includes('properties'))
    return { reason: `The inventory contradicts itself or is malformed at ${places}.`, hint: wholeRows };
  if (properties === undefined || properties === null)
    return {
      reason: 'The inventory has no properties for it.',
      hint: `az keyvault list prints no properties. ${wholeRows}`,
    };
  const kind = typeof properties === 'string' ? 'text that is no JSON' : describe(properties);
  return { reason: `Its properties are ${kind}, not an object.`, hint: wholeRows };
}

function describe(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  return isJsonObject(value) ? 'an object' : `a ${typeof value}`;
}

const wholeRows = `Export them with ${graphQuery}, or az keyvault show.`;
