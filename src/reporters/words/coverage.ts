import type {
  CodeScope,
  Coverage,
  QueryForm,
  SubscriptionCoverage,
  SubscriptionState,
  Unreadable,
  UnreadableKind,
} from '../../model/coverage.ts';
import type { Identity } from '../../model/identity.ts';
import type { ScanReport } from '../../model/report.ts';
import { joinWords } from '../../model/join-words.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { codeWords } from './code.ts';
import { count, number } from './counts.ts';
import { notLookedAtWords } from './not-looked-at.ts';

const stateWords: Readonly<Record<SubscriptionState, string>> = {
  read: 'read',
  empty: 'empty',
  denied: 'denied',
  notFound: 'not found',
  truncated: 'truncated',
  partial: 'partly read',
  disabled: 'disabled',
};

/** A subscription in which a filter leaves out everything is not called empty. */
const filteredStateWords: typeof stateWords = { ...stateWords, empty: 'without a match' };

const expectedWords: Readonly<Record<Coverage['expectedFrom'], string>> = {
  managementGroup: 'expected from the management group',
  visible: 'that the signed-in identity may list',
  named: 'named',
};

/** `12 subscriptions that the signed-in identity may list: 11 read (1 of them disabled) and 1 denied. Included as well: deleted (read).` */
export function coverageWords(report: ScanReport): string {
  if (report.scope.code !== undefined) return declaredWords(report, report.scope.code);
  return `${subscriptionsWords(report)}${partsWords(report.coverage)}`;
}

/** Says of code that it is read, and that it need not be deployed. */
function declaredWords(report: ScanReport, code: CodeScope): string {
  const { parts = [], subscriptions } = report.coverage;
  const isWhole = report.complete || parts.every(({ state }) => state === 'read' || state === 'empty');
  const what = report.summary.resources === 0 && isWhole ? ', which declares no vault' : '';
  const read = `${capitalised(codeWords(code))}, ${isWhole ? 'in full' : 'in part'}${what}`;
  if (subscriptions.length === 0) return `${read}: what it declares, not what is deployed.`;
  return `${read}: what it declares. What is deployed, by name: ${subscriptionsWords(report)}`;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The parts that `--include` asked for: nothing else in a report without findings says that they were read. */
function partsWords({ parts = [] }: Coverage): string {
  if (parts.length === 0) return '';
  const read = joinWords(parts.map(({ name, state }) => `${name} (${stateWords[state]})`));
  const notes = notLookedAtWords(parts.flatMap(({ notLookedAt = [] }) => notLookedAt));
  return [` Included as well: ${read}.`, ...notes].join(' ');
}

function subscriptionsWords(report: ScanReport): string {
  const { subscriptions, expectedFrom } = report.coverage;
  if (subscriptions.length === 0) return sourceWords(report);
  const words = report.scope.filter === undefined ? stateWords : filteredStateWords;
  const states = Object.keys(stateWords)
    .filter(isState)
    .flatMap((state) => {
      const those = subscriptions.filter((subscription) => countedAs(subscription) === state);
      const disabled = those.filter((subscription) => subscription.state !== state).length;
      const aside = disabled === 0 ? '' : ` (${number(disabled)} of them disabled)`;
      return those.length === 0 ? [] : [`${number(those.length)} ${words[state]}${aside}`];
    });
  const origin =
    report.scope.inventory === undefined ? ` ${expectedWords[expectedFrom]}` : ' in the inventory';
  return `${count(subscriptions.length, 'subscription')}${origin}: ${joinWords(states)}.`;
}

/** The state that a subscription is counted under: one that is disabled was read like any other. */
function countedAs(subscription: SubscriptionCoverage): SubscriptionState {
  return isReadThoughDisabled(subscription) ? 'read' : subscription.state;
}

/** `104 queries, 100 pages, 2 retries, 5.1 s spent waiting for the quota.`; empty for a scan that asked Azure nothing. */
export function effortWords({ scope, coverage }: ScanReport): string {
  if (scope.inventory !== undefined || scope.code !== undefined) return '';
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

/** `tenant 72f2…, as alice@contoso.com`; of an application, its id. */
export function identityWords(identity: Identity): string {
  return `tenant ${identity.tenantId}, as ${identityName(identity)}`;
}

/** The name of a person, or what is known of an application or an object without one. */
export function identityName({ objectId, name, applicationId }: Identity): string {
  const application = applicationId === undefined ? undefined : `application ${applicationId}`;
  return name ?? application ?? `object id ${objectId}`;
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
  code: 'code',
  filter: 'filter',
  interrupted: 'interrupted scan of',
};

/** `subscription Payments Staging (0000…)`: what could not be read, with its display name where one is known. */
export function gapWords({ kind, scope }: Unreadable, nameOf: (id: string) => string): string {
  const id = subscriptionOf(scope);
  const name = nameOf(id);
  const resource = resourceWords(scope);
  if (resource !== undefined) return resource;
  const what = name === id ? scope : name.endsWith(`(${id})`) ? name : `${name} (${id})`;
  return what === '' || what === kind ? kindWords[kind] : `${kindWords[kind]} ${what}`;
}

/** `vault kv-payments (/subscriptions/…)`: a resource by its ARM id, kind and name first; `undefined` for any other scope. */
export function resourceWords(id: string): string | undefined {
  const [, type = '', name = ''] = /\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i.exec(id) ?? [];
  const kind = knownType(type)?.words.one;
  return kind === undefined ? undefined : `${kind} ${name} (${id})`;
}

/** The id of the subscription that a gap is in, or that it is; `undefined` for one that is in none. */
export function subscriptionOfGap({ kind, scope }: Unreadable): string | undefined {
  const [, id] = /^\/subscriptions\/([^/]+)/i.exec(scope) ?? [];
  return id ?? (kind === 'subscription' ? scope : undefined);
}

/** The lower-cased id of a scope that is a subscription; any other scope as it is, lower-cased. */
function subscriptionOf(scope: string): string {
  return scope.toLowerCase().replace(/^\/subscriptions\/(?=[^/]+$)/, '');
}
