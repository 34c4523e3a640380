import type {
  Coverage,
  QueryForm,
  SubscriptionCoverage,
  SubscriptionState,
  Unreadable,
  UnreadableKind,
} from '../../model/coverage.ts';
import type { ScanReport } from '../../model/report.ts';
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

/** `12 subscriptions visible to the signed-in identity: 9 read, 2 empty and 1 denied. Included as well: deleted (read).` */
export function coverageWords(report: ScanReport): string {
  return `${subscriptionsWords(report)}${partsWords(report.coverage)}`;
}

/** The parts that `--include` asked for: nothing else in a report without findings says that they were read. */
function partsWords({ parts = [] }: Coverage): string {
  if (parts.length === 0) return '';
  return ` Included as well: ${joinWords(parts.map(({ name, state }) => `${name} (${stateWords[state]})`))}.`;
}

function subscriptionsWords(report: ScanReport): string {
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

/** `104 queries, 100 pages, 2 retries, 5.1 s spent waiting for the quota.`; empty for a scan that asked Azure nothing. */
export function effortWords({ scope, coverage }: ScanReport): string {
  if (scope.inventory !== undefined) return '';
  const { queries, pages, retries, waitMs } = coverage;
  const asked = [
    count(queries, 'query', 'queries'),
    count(pages, 'page'),
    count(retries, 'retry', 'retries'),
  ];
  return `${asked.join(', ')}, ${(waitMs / 1000).toFixed(1)} s spent waiting for the quota.${formWords(coverage)}`;
}

/** Mentions refused queries only: the verdicts are the same in every form. */
function formWords({ resourceGraph }: Coverage): string {
  const refused = resourceGraph?.refused ?? [];
  const [first] = refused;
  if (resourceGraph === undefined || first === undefined) return '';
  const codes = [...new Set(refused.map(({ code }) => code))].join(', ');
  return ` Resource Graph refused a query (${codes}) and was asked more plainly: ${usedWords[resourceGraph.form]}.`;
}

const usedWords: Readonly<Record<QueryForm, string>> = {
  filtered: 'rows were filtered and counted there',
  counted: 'every row was read, and counted there',
  plain: 'every row was read, and counted here',
};

/**
 * The subscriptions that were not read in full: those that no entry of `unreadable` explains, and those with some rows.
 */
export function partlyReadSubscriptions({
  coverage,
  unreadable,
}: ScanReport): readonly SubscriptionCoverage[] {
  const reported = new Set(unreadable.map(({ scope }) => subscriptionOf(scope)));
  return coverage.subscriptions.filter((subscription) => {
    const { id, state, rows } = subscription;
    if (state === 'read' || state === 'empty') return false;
    return !reported.has(id.toLowerCase()) || (rows > 0 && isShifted(subscription));
  });
}

/** A subscription that is disabled and was read all the same: it does not make the scan incomplete. */
export function isReadThoughDisabled(subscription: SubscriptionCoverage): boolean {
  return subscription.state === 'disabled' && !isShifted(subscription);
}

/** The subscriptions that were read in full, and hold more or fewer rows than were counted beforehand. */
export function changedDuringScan({ coverage }: ScanReport): readonly SubscriptionCoverage[] {
  return coverage.subscriptions.filter(
    (subscription) => ['read', 'empty'].includes(subscription.state) && isShifted(subscription),
  );
}

function isShifted({ rows, expectedRows }: SubscriptionCoverage): boolean {
  return rows !== expectedRows;
}

/** `Payments (0000…)`; the bare id where there is no name. */
export function subscriptionName({ id, name }: SubscriptionCoverage): string {
  return name === '' || name === id ? id : `${name} (${id})`;
}

/** `denied`, `truncated, 400 of 500 rows`, `read, 21 rows, 20 counted beforehand`. */
export function subscriptionWords({ state, rows, expectedRows }: SubscriptionCoverage): string {
  if (rows === expectedRows) return stateWords[state];
  const isWhole = state === 'read' || state === 'empty';
  return isWhole || rows > expectedRows
    ? `${stateWords[state]}, ${count(rows, 'row')}, ${number(expectedRows)} counted beforehand`
    : `${stateWords[state]}, ${number(rows)} of ${count(expectedRows, 'row')}`;
}

function sourceWords({ scope: { inventory }, complete }: ScanReport): string {
  if (inventory === undefined) return '0 subscriptions.';
  const file = inventory === '-' ? 'on standard input' : inventory;
  return complete ? `The inventory ${file}, in full.` : `The inventory ${file}, in part.`;
}

function isState(key: string): key is SubscriptionState {
  return key in stateWords;
}

const kindWords: Readonly<Record<UnreadableKind, string>> = {
  subscription: 'subscription',
  managementGroup: 'management group',
  tenant: 'tenant',
  resource: 'resource',
  inventory: 'inventory',
  interrupted: 'interrupted scan of',
};

/** `subscription Payments Staging (0000…)`: what could not be read, with its display name where one is known. */
export function gapWords({ kind, scope }: Unreadable, nameOf: (id: string) => string): string {
  const id = subscriptionOf(scope);
  const name = nameOf(id);
  const what = name === id ? scope : name.endsWith(`(${id})`) ? name : `${name} (${id})`;
  return what === '' || what === kind ? kindWords[kind] : `${kindWords[kind]} ${what}`;
}

/** The lower-cased id of a scope that is a subscription; any other scope as it is, lower-cased. */
function subscriptionOf(scope: string): string {
  return scope.toLowerCase().replace(/^\/subscriptions\/(?=[^/]+$)/, '');
}
