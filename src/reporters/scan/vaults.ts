import type { Finding, FindingResource } from '../../model/finding.ts';
import { compareText } from '../../model/compare-text.ts';
import { compareUrgency, compareWorstFirst } from './order.ts';

/** One vault (or HSM, or other resource) with its findings, worst first; never without one. */
export interface VaultFindings {
  readonly resource: FindingResource;
  readonly worst: Finding;
  readonly findings: readonly Finding[];
}

/** Groups findings by resource id in any letter case. The vault with the worst finding comes first, then the one with more. */
export function groupByVault(findings: readonly Finding[]): readonly VaultFindings[] {
  const byId = new Map<string, Finding[]>();
  for (const finding of findings) {
    const id = finding.resource.id.toLowerCase();
    const known = byId.get(id);
    if (known === undefined) byId.set(id, [finding]);
    else known.push(finding);
  }
  return [...byId.values()].flatMap(vaultOf).toSorted(compareVaults);
}

/** The number of different resources among findings. */
export function countVaults(findings: readonly Finding[]): number {
  return new Set(findings.map((finding) => finding.resource.id.toLowerCase())).size;
}

function vaultOf(findings: readonly Finding[]): readonly VaultFindings[] {
  const sorted = findings.toSorted(compareWorstFirst);
  const [worst] = sorted;
  return worst === undefined ? [] : [{ resource: worst.resource, worst, findings: sorted }];
}

function compareVaults(a: VaultFindings, b: VaultFindings): number {
  return (
    compareUrgency(a.worst, b.worst) ||
    failures(b) - failures(a) ||
    compareText(a.resource.name.toLowerCase(), b.resource.name.toLowerCase()) ||
    compareText(a.resource.id.toLowerCase(), b.resource.id.toLowerCase())
  );
}

function failures(vault: VaultFindings): number {
  return vault.findings.filter((finding) => finding.compliance === 'nonCompliant').length;
}
