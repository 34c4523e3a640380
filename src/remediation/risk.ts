import { isJsonObject } from '../model/json.ts';
import { type Risk, risks } from '../model/rule.ts';
import type { Candidate } from './candidate.ts';

/** What a property costs at least, whatever a rule calls it: Azure never takes the first back; the others lock out. */
const leastRisks: Readonly<Record<string, Risk>> = {
  enableSoftDelete: 'irreversible',
  enablePurgeProtection: 'irreversible',
  accessPolicies: 'disruptive',
  enableRbacAuthorization: 'disruptive',
  networkAcls: 'disruptive',
  publicNetworkAccess: 'disruptive',
};

/** The worst of several; `safe` when there is none. */
export function worstRisk(given: readonly Risk[]): Risk {
  return risks.findLast((risk) => given.includes(risk)) ?? 'safe';
}

/** The risk of what a candidate would change: what its rule says, or worse. A label cannot make a change harmless. */
export function riskOf({ compiled: { rule }, patch }: Candidate): Risk {
  const properties = isJsonObject(patch['properties']) ? Object.keys(patch['properties']) : [];
  return worstRisk([
    rule.remediation?.risk ?? 'safe',
    ...properties.map((name) => leastRisks[name] ?? 'safe'),
  ]);
}
