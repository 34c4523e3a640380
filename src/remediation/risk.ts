import { isJsonObject } from '../model/json.ts';
import { type Risk, risks } from '../model/risk.ts';
import { resourceTypes } from '../resource-types/index.ts';
import type { Candidate } from './candidate.ts';

/** The least risk of changing a property, whatever a rule calls it: the worst that it has on any resource type. */
function leastRisk(property: string): Risk {
  return worstRisk(resourceTypes.map(({ properties }) => properties.get(property)?.risk ?? 'safe'));
}

/** The worst of several; `safe` when there is none. */
export function worstRisk(given: readonly Risk[]): Risk {
  return risks.findLast((risk) => given.includes(risk)) ?? 'safe';
}

/** The risk of what a candidate would change: what its rule says, or worse. A label cannot make a change harmless. */
export function riskOf({ compiled: { rule }, patch }: Candidate): Risk {
  const properties = isJsonObject(patch['properties']) ? Object.keys(patch['properties']) : [];
  return worstRisk([rule.remediation?.risk ?? 'safe', ...properties.map(leastRisk)]);
}
