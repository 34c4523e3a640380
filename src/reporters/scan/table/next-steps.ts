import type { ScanReport } from '../../../model/report.ts';
import { failedRules } from '../failed-rules.ts';
import { paragraph, type TerminalStyle } from '../../terminal/style.ts';

/** The next steps, most urgent first; none when all is well. */
export function* nextSteps(report: ScanReport, style: TerminalStyle): Iterable<string> {
  const steps = stepsFor(report);
  if (steps.length === 0) return;
  yield `\n${style.colors.bold('Next steps')}\n`;
  for (const text of steps) yield paragraph({ label: '  - ', width: 4, text }, style);
}

function stepsFor(report: ScanReport): readonly string[] {
  const { complete, summary } = report;
  const [worst] = failedRules(report);
  const steps: string[] = [];
  if (!complete)
    steps.push('Close the gaps above and scan again: until then, this report does not cover everything.');
  if (complete && summary.resources === 0) {
    steps.push(
      report.scope.inventory === undefined
        ? 'Check the scope: are these the right subscriptions, and can you see the vaults in them?'
        : 'Check the inventory: does it come from the right subscriptions, and could its author see the vaults?',
    );
  }
  if (worst !== undefined) {
    const { ruleId } = worst.example;
    steps.push(`See why a rule matters and how to comply: purgeproof rules show ${ruleId}`);
    steps.push('Accept a risk temporarily, with a reason: --exemptions FILE');
  }
  if (report.findings.length > 0) steps.push('Save the full report: --output json=report.json');
  return steps;
}
