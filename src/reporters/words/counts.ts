import type { ScanReport, Summary } from '../../model/report.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { severities } from '../../model/severity.ts';

/** `1 finding`, `1,234 findings`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${amount === 1 ? one : many}`;
}

/** A number with commas between thousands, in every locale. */
export function number(amount: number): string {
  return amount.toLocaleString('en-US');
}

/** What the scan looked at, counted: `60 Key Vault resources` (vaults and managed HSMs), `0 vaults`. */
export function countResources(report: ScanReport, amount: number): string {
  if (amount === 0) return '0 vaults';
  return keyVaultOnly(report) ? count(amount, 'Key Vault resource') : count(amount, 'resource', 'resources');
}

/** `1 critical, 6 high`: the severities that occur, worst first; empty when none does. */
export function countSeverities(summary: Pick<Summary, 'bySeverity'>): string {
  return severities
    .filter((severity) => summary.bySeverity[severity] > 0)
    .map((severity) => `${number(summary.bySeverity[severity])} ${severity}`)
    .join(', ');
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

function keyVaultOnly(report: ScanReport): boolean {
  const judged = report.rules.flatMap((rule) => rule.resourceType.toLowerCase().split(', '));
  return judged.every((type) => knownType(type)?.type.startsWith('Microsoft.KeyVault/') === true);
}
