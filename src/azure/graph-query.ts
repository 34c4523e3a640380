/** The scope of a query. Resource Graph admits one management group or up to 1,000 subscriptions, never both. */
export type GraphScope =
  | { readonly kind: 'tenant' }
  | { readonly kind: 'managementGroup'; readonly id: string }
  | { readonly kind: 'subscriptions'; readonly ids: readonly string[] };

/** A query read page after page, from row `skip` on, to its end or for `rows` rows. */
export interface Sequence {
  /** The operation in words, completing "could not …". */
  readonly operation: string;
  readonly query: string;
  readonly scope: GraphScope;
  readonly skip?: number;
  readonly rows?: number;
  readonly authorizationScope?: AuthorizationScope;
}

/** The role assignments that a query on `authorizationresources` shows; without it those above the scope are left out. */
export type AuthorizationScope = 'AtScopeAboveAndBelow';

/** Rows a page may have. Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/paging-results */
export const pageSize = 1000;

/** The code of an error that is ours: tokens were refused, however often the sequence began again. */
export const refusedToken = 'SkipTokenRefused';
