import { compareText } from '../../model/compare-text.ts';
import type { Finding } from '../../model/finding.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { hasExpired } from '../../rules/exemptions/find.ts';

/** One vault that has findings, and the rules that they are of. */
export interface VaultToPlan {
  readonly resource: Finding['resource'];
  readonly ruleIds: ReadonlySet<string>;
}

/** An accepted risk is not fixed until its exemption expires; what a scan could not judge is read again. */
export function vaultsToPlan(
  findings: readonly Finding[],
  rules: readonly CompiledRule[],
  now: Date,
): readonly VaultToPlan[] {
  const selected = new Set(rules.map(({ rule }) => rule.id));
  const vaults = new Map<string, { resource: Finding['resource']; ruleIds: Set<string> }>();
  for (const finding of findings) {
    const { resource, ruleId } = finding;
    if (!selected.has(ruleId) || !isOpen(finding, now)) continue;
    const key = resource.id.toLowerCase();
    const vault = vaults.get(key) ?? { resource, ruleIds: new Set() };
    vault.ruleIds.add(ruleId);
    vaults.set(key, vault);
  }
  return [...vaults.entries()].toSorted(([a], [b]) => compareText(a, b)).map(([, vault]) => vault);
}

function isOpen({ compliance, exemption }: Finding, now: Date): boolean {
  if (exemption === undefined) return compliance !== 'compliant';
  const { expiresOn } = exemption;
  return expiresOn !== undefined && hasExpired({ expiresOn }, now);
}
