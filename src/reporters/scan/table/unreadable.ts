import type { Unreadable } from '../../../model/report.ts';
import { count } from '../../words/counts.ts';
import { notJudgedRules } from '../../words/not-judged.ts';
import { gapWords } from '../../words/unreadable.ts';
import { paragraph, type TerminalStyle } from '../../terminal/style.ts';
import type { VaultContext } from './vault.ts';

/** The gaps, each with its reason and hint; never shortened. */
export function* unreadableRows({ report, style, nameOf }: VaultContext): Iterable<string> {
  const { complete, unreadable, summary } = report;
  if (complete && unreadable.length === 0 && summary.unknown === 0) return;
  yield paragraph({ label: '', width: 0, text: titleOf(complete, unreadable), paint: alarm(style) }, style);
  for (const entry of unreadable) {
    yield paragraph(
      { label: '  ', width: 2, text: gapWords(entry, nameOf), paint: style.colors.bold },
      style,
    );
    yield paragraph({ label: '    ', width: 4, text: entry.reason }, style);
    if (entry.hint !== '')
      yield paragraph({ label: '    ', width: 4, text: `What to do: ${entry.hint}` }, style);
  }
  if (summary.unknown > 0) {
    const verdicts = count(summary.unknown, 'verdict is', 'verdicts are');
    const text = `${verdicts} unknown: the deciding values could not be read. Unknown is not compliant.`;
    yield paragraph({ label: '  ', width: 2, text }, style);
  }
  yield '\n';
}

/** The rules that could not be judged, each with the reason; never shortened. */
export function* notJudgedRows({ report, style }: VaultContext): Iterable<string> {
  const rules = notJudgedRules(report);
  if (rules.length === 0) return;
  yield `${style.colors.bold('Not judged')}\n`;
  for (const { rule, type, reason } of rules)
    yield paragraph({ label: '  ', width: 2, text: `${rule.id} ${rule.name} on ${type}: ${reason}` }, style);
  yield '\n';
}

function titleOf(complete: boolean, unreadable: readonly Unreadable[]): string {
  if (complete) return 'Not everything could be judged';
  if (unreadable.length === 0) return 'INCOMPLETE: subscriptions are missing, see the coverage below';
  return `INCOMPLETE: ${count(unreadable.length, 'item')} could not be read`;
}

function alarm({ colors }: TerminalStyle): (text: string) => string {
  return (text) => colors.bold(colors.magenta(text));
}
