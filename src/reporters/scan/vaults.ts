import type { Finding, FindingResource } from '../../model/finding.ts';
import { compareText } from '../../model/compare-text.ts';
import { groupsBy } from '../../model/groups-by.ts';
import { compareUrgency, worstFirst } from './order.ts';

/** One vault (or HSM, or other resource) with its findings, worst first; never without one. */
export interface VaultFindings {
  readonly resource: FindingResource;
  readonly worst: Finding;
  readonly findings: readonly Finding[];
}

/** Groups findings by resource id in any letter case. The vault with the worst finding comes first, then the one with more. */
export function groupByVault(findings: readonly Finding[]): readonly VaultFindings[] {
  return groupsBy(findings, ({ resource }) => resource.id.toLowerCase())
    .map(rankedVault)
    .toSorted(compareVaults)
    .map(({ vault }) => vault);
}

/** The number of different resources among findings. */
export function countVaults(findings: readonly Finding[]): number {
  return new Set(findings.map((finding) => finding.resource.id.toLowerCase())).size;
}

/** A vault with what it is put in order by. */
interface RankedVault {
  readonly vault: VaultFindings;
  readonly failures: number;
  readonly name: string;
  readonly id: string;
}

function rankedVault(group: readonly [Finding, ...Finding[]]): RankedVault {
  const findings = worstFirst(group);
  const [worst = group[0]] = findings;
  const { resource } = worst;
  return {
    vault: { resource, worst, findings },
    failures: findings.filter(({ compliance }) => compliance === 'nonCompliant').length,
    name: resource.name.toLowerCase(),
    id: resource.id.toLowerCase(),
  };
}

function compareVaults(a: RankedVault, b: RankedVault): number {
  return (
    compareUrgency(a.vault.worst, b.vault.worst) ||
    b.failures - a.failures ||
    compareText(a.name, b.name) ||
    compareText(a.id, b.id)
  );
}
