import type { ScanFilter } from './scan-filter.ts';
import type { CoveragePartName } from './source-name.ts';
import type { CodeTarget } from './target.ts';

/** Something that was asked for and could not be read. `scope` is an ARM id, a file, a subscription, or a term of a filter. */
export interface Unreadable {
  readonly scope: string;
  readonly kind: UnreadableKind;
  readonly reason: string;
  readonly hint: string;
}

/** The kinds of gaps in a report. */
export const unreadableKinds = [
  'subscription',
  'managementGroup',
  'tenant',
  'resource',
  'inventory',
  'code',
  'filter',
  'interrupted',
] as const;

/** One of them. */
export type UnreadableKind = (typeof unreadableKinds)[number];

/** The state of a subscription that the scan was expected to read. `notFound`: Azure knows none of that name or id. */
export type SubscriptionState =
  | 'read'
  | 'empty'
  | 'denied'
  | 'notFound'
  | 'disabled'
  | 'truncated'
  | 'partial';

/** The account of one expected subscription: rows that Azure announced, and rows that arrived. */
export interface SubscriptionCoverage {
  readonly id: string;
  readonly name: string;
  readonly state: SubscriptionState;
  readonly expectedRows: number;
  readonly rows: number;
}

/** The requests that a read took. `waitMs` is time spent throttled. */
export interface ReadCost {
  readonly queries: number;
  readonly pages: number;
  readonly retries: number;
  readonly waitMs: number;
}

/** The certificate that says how much of what was asked for has been seen. */
export interface Coverage extends ReadCost {
  readonly expectedFrom: 'managementGroup' | 'visible' | 'named';
  readonly subscriptions: readonly SubscriptionCoverage[];
  /** The queries of Resource Graph; missing for other sources. */
  readonly resourceGraph?: GraphCoverage;
  /** The parts that were read besides the resources of the subscriptions; absent where nothing else was asked for. */
  readonly parts?: readonly CoveragePart[];
}

/** The account of one such part. `partial` and `denied` are gaps, and have entries in `unreadable`. */
export interface CoveragePart {
  readonly name: CoveragePartName;
  readonly state: 'read' | 'empty' | 'denied' | 'partial';
  /** The things that would only have changed who else is named, or for how much; absent where there are none. */
  readonly notLookedAt?: readonly NotLookedAt[];
}

/** A thing that was not looked at, and that can only take away from what is reported, or add to it: it is no gap. */
export interface NotLookedAt {
  readonly kind: 'denyAssignments' | 'eligibleAssignments' | 'localRbac' | 'namesakes';
  /** A subscription, a managed HSM, or the tenant. */
  readonly scope: string;
  readonly reason: string;
}

/**
 * The share of the work that a query leaves to Resource Graph. `filtered`: rows that no rule can fail on are counted there.
 * `counted`: all rows are returned, and counted there. `plain`: rows and subscriptions are listed, and counted here.
 */
export type QueryForm = 'filtered' | 'counted' | 'plain';

/** The form of the queries that brought the rows, and why those that ask for more did not. */
interface GraphCoverage {
  readonly form: QueryForm;
  readonly refused: readonly RefusedForm[];
}

/** A form of query that Resource Graph refused or gave up, with its own code and message. */
export interface RefusedForm {
  readonly form: QueryForm;
  readonly code: string;
  readonly message: string;
}

/** The requested scope of a scan. */
export interface ReportScope {
  readonly subscriptions: readonly { readonly id: string; readonly name: string }[];
  readonly managementGroups: readonly string[];
  /** The inventory file of an offline scan, as named on the command line; `-` is standard input. */
  readonly inventory?: string;
  /** The archive that the facts of an earlier scan are from, as named on the command line. */
  readonly archive?: string;
  /** True where somebody has said that the inventory is whole; absent else. */
  readonly inventoryComplete?: true;
  /** The infrastructure code that was scanned before it is deployed; paths as named on the command line. */
  readonly code?: CodeScope;
  /** Only what matches it was judged; absent where nothing in scope was left out. */
  readonly filter?: ScanFilter;
}

/** The infrastructure code that a scan reads. */
export type CodeScope = Pick<CodeTarget, 'form' | 'path' | 'parameters'>;

/**
 * True for what was read from Azure, for an inventory that somebody calls whole, and for one of the same name as that of the other
 * report, which the same export has written again. Standard input has no name.
 */
function isWholeBeside({ inventory, inventoryComplete }: ReportScope, other: ReportScope): boolean {
  if (inventory === undefined || inventoryComplete === true) return true;
  return inventory !== '-' && inventory === other.inventory;
}

/**
 * The reason why a scan of one scope does not tell of what a scan of another one found: it read other code, or code where the other
 * one did not, or an inventory that may be of a part; `undefined` where there is none. `what` is the code or the inventory.
 */
export function unlikeBeside(
  scope: ReportScope,
  other: ReportScope,
): { readonly kind: 'code' | 'inventory'; readonly what: string } | undefined {
  if (codeName(scope) !== codeName(other)) return { kind: 'code', what: scope.code?.path ?? '' };
  return isWholeBeside(scope, other) ? undefined : { kind: 'inventory', what: scope.inventory ?? '' };
}

/** Two ways to write one path, as seen from one folder, are one name. */
function codeName({ code }: ReportScope): string {
  if (code === undefined) return '';
  const { form, path, parameters = [] } = code;
  const paths = [path, ...[parameters].flat()].map((one) => one.replaceAll(/^(?:\.\/+)+|\/+$/g, ''));
  return JSON.stringify([form, ...paths]);
}
