import { severities } from '../../../model/severity.ts';
import type { VaultFindings } from '../vaults.ts';
import { count, countSeverities } from '../../words/counts.ts';
import { paragraph, type TerminalStyle } from '../../terminal/style.ts';

/** Says how many vaults are not listed, and what is wrong with them, so that nothing is hidden silently. */
export function* omittedRow(vaults: readonly VaultFindings[], style: TerminalStyle): Iterable<string> {
  if (vaults.length === 0) return;
  const findings = vaults.flatMap((vault) => vault.findings);
  const failed = findings.filter(({ compliance }) => compliance === 'nonCompliant');
  const counts = severities.map((name) => [name, failed.filter(({ severity }) => severity === name).length]);
  const bySeverity: Record<(typeof severities)[number], number> = Object.fromEntries(counts);
  const wrong = failed.length === 0 ? 'none of them fails a rule' : `with ${countSeverities({ bySeverity })}`;
  const text = `… and ${count(vaults.length, 'more vault')}, ${wrong}. All of them: --output json=report.json`;
  yield paragraph({ label: '', width: 0, text, paint: style.colors.bold }, style);
  yield '\n';
}
