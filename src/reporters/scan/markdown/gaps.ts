import type { ScanReport } from '../../../model/report.ts';
import { markdownText } from '../../text/markdown.ts';
import type { SubscriptionCoverage } from '../../../model/report.ts';
import {
  changedMeanwhile,
  isReadThoughDisabled,
  partlyReadSubscriptions,
  subscriptionName,
  subscriptionWords,
} from '../../words/coverage.ts';
import { count } from '../../words/counts.ts';
import { notJudgedRules } from '../../words/not-judged.ts';
import { subscriptionNames } from '../../words/scope.ts';
import { gapWords } from '../../words/unreadable.ts';
import type { Block } from './cut.ts';
import { tableBlocks } from './table.ts';

/** The gaps, each with its reason and hint; then subscriptions that appear nowhere else. */
export function* gapBlocks(report: ScanReport): Iterable<Block> {
  const nameOf = subscriptionNames(report);
  const gaps = report.unreadable.map((entry) => [
    markdownText(gapWords(entry, nameOf)),
    markdownText(entry.reason),
    markdownText(entry.hint),
  ]);
  yield* tableBlocks('Not read', { head: '| What | Why | What to do |', rows: gaps, kind: 'gaps' });
  const unjudged = notJudgedRules(report).map(({ rule, type, reason }) => [
    `${markdownText(rule.id)} ${markdownText(rule.name)}`,
    markdownText(type),
    markdownText(reason),
  ]);
  yield* tableBlocks('Not judged', { head: '| Rule | Type | Why |', rows: unjudged, kind: 'extra' });
  const head = '| Subscription | State |';
  const listed = partlyReadSubscriptions(report);
  const unseen = listed.filter((each) => !isReadThoughDisabled(each)).map(subscriptionCells);
  yield* tableBlocks('Subscriptions not fully read', { head, rows: unseen, kind: 'gaps' });
  const disabled = listed.filter(isReadThoughDisabled).map(disabledCells);
  yield* tableBlocks('Disabled subscriptions', { head, rows: disabled, kind: 'extra' });
  const changed = changedMeanwhile(report).map(subscriptionCells);
  yield* tableBlocks('Subscriptions that changed during the scan', {
    head,
    rows: changed,
    kind: 'extra',
  });
}

function disabledCells(subscription: SubscriptionCoverage): readonly string[] {
  return [
    markdownText(subscriptionName(subscription)),
    `disabled, ${count(subscription.rows, 'resource')} read`,
  ];
}

function subscriptionCells(subscription: SubscriptionCoverage): readonly string[] {
  return [markdownText(subscriptionName(subscription)), subscriptionWords(subscription)];
}
