import type { Json } from '../../src/model/json.ts';
import type { Tenant } from '../tenant.ts';

/** Which requests a fault hits; all of these must hold. Left out, every request is hit. */
interface FaultMatch {
  readonly method?: string;
  readonly path?: RegExp;
  readonly host?: RegExp;
  /** Tested on the KQL of a Resource Graph query. */
  readonly query?: RegExp;
  /** The management group that a Resource Graph query is about, by id. */
  readonly managementGroup?: string;
  /** The sequence number, among matching requests since the injection, of the first to be hit; 1 by default. */
  readonly nth?: number;
}

/** Something that goes wrong on request, once unless `times` says more. */
export type Fault = { readonly match?: FaultMatch; readonly times?: number } & FaultKind;

/** What goes wrong. */
type FaultKind =
  /**
   * An error answer in the shape of the service that was asked, or `body` as it is, or `text` with its content type
   * (HTML where it is left out), as something between here and Azure answers. `retryAfter` is in seconds.
   */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly retryAfter?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: Json;
      readonly text?: string;
    }
  | { readonly kind: 'resetBeforeHeaders' }
  | { readonly kind: 'resetAfterHeaders' }
  /** The body ends half-way, as if it were whole. */
  | { readonly kind: 'truncatedBody' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** A page that loses its second half: `resultTruncated` "true" and no token. */
  | { readonly kind: 'truncatedPage' }
  /** Hits only requests that carry a skip token. */
  | { readonly kind: 'expiredSkipToken' }
  /** The first row of the page comes twice. */
  | { readonly kind: 'duplicateRows' }
  /** The first row of the page is replaced by something that is no resource. */
  | { readonly kind: 'malformedRow'; readonly row?: Json }
  /** The first row of the page is not there: it moved to a page that has been read. */
  | { readonly kind: 'movedRow' }
  /** From this request on the subscription is denied. */
  | { readonly kind: 'deny'; readonly subscriptionId: string }
  /** Runs before the request is answered: to change the tenant. */
  | { readonly kind: 'hook'; readonly run: (tenant: Tenant) => void | Promise<void> };

/** A connection that breaks before an answer, like the error of a socket. */
export class ConnectionReset extends Error {
  override readonly name = 'ConnectionReset';
  readonly code = 'ECONNRESET';

  constructor() {
    super('socket hang up');
  }
}

/** A host that no DNS knows from here, like the error of a socket. */
export class HostNotFound extends Error {
  override readonly name = 'HostNotFound';
  readonly code = 'ENOTFOUND';

  constructor(host: string) {
    super(`getaddrinfo ENOTFOUND ${host}`);
  }
}
