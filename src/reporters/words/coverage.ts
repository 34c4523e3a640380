import type { Coverage, ScanReport, SubscriptionCoverage, SubscriptionState } from '../../model/report.ts';
import { subscriptionOf } from './unreadable.ts';
import { count, joinWords, number } from './counts.ts';

const stateWords: Readonly<Record<SubscriptionState, string>> = {
  read: 'read',
  empty: 'empty',
  denied: 'denied',
  truncated: 'truncated',
  partial: 'partly read',
  disabled: 'disabled',
};

const expectedWords: Readonly<Record<Coverage['expectedFrom'], string>> = {
  managementGroup: 'expected from the management group',
  visible: 'visible to the signed-in identity',
  named: 'named',
};

/** `12 subscriptions visible to the signed-in identity: 9 read, 2 empty and 1 denied.` */
export function coverageWords(report: ScanReport): string {
  const { subscriptions, expectedFrom } = report.coverage;
  if (subscriptions.length === 0) return sourceWords(report);
  const states = Object.keys(stateWords)
    .filter(isState)
    .flatMap((state) => {
      const amount = subscriptions.filter((subscription) => subscription.state === state).length;
      return amount === 0 ? [] : [`${number(amount)} ${stateWords[state]}`];
    });
  const origin =
    report.scope.inventory === undefined ? ` ${expectedWords[expectedFrom]}` : ' in the inventory';
  return `${count(subscriptions.length, 'subscription')}${origin}: ${joinWords(states)}.`;
}

/** The subscriptions that were not seen, or not wholly, and of which no entry of `unreadable` tells more. */
export function notWhollySeen({ coverage, unreadable }: ScanReport): readonly SubscriptionCoverage[] {
  const told = new Set(unreadable.map(({ scope }) => subscriptionOf(scope)));
  return coverage.subscriptions.filter(
    ({ id, state }) => state !== 'read' && state !== 'empty' && !told.has(id.toLowerCase()),
  );
}

/** `Payments (0000…)`; the bare id where there is no name. */
export function subscriptionName({ id, name }: SubscriptionCoverage): string {
  return name === '' || name === id ? id : `${name} (${id})`;
}

/** `denied`, `truncated, 400 of 500 rows`. */
export function subscriptionWords({ state, rows, expectedRows }: SubscriptionCoverage): string {
  const cutShort = rows < expectedRows ? `, ${number(rows)} of ${count(expectedRows, 'row')}` : '';
  return `${stateWords[state]}${cutShort}`;
}

function sourceWords({ scope: { inventory }, complete }: ScanReport): string {
  if (inventory === undefined) return '0 subscriptions.';
  const file = inventory === '-' ? 'on standard input' : inventory;
  return complete ? `The whole inventory ${file}.` : `Not the whole inventory ${file}.`;
}

function isState(key: string): key is SubscriptionState {
  return key in stateWords;
}
