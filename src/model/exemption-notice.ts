import type { Location } from './location.ts';

/** A condition of an exemption that its author should know of: it changes no verdict, and no exit code. */
export interface ExemptionNotice {
  readonly kind: 'withoutEffect' | 'endsSoon' | 'expired' | 'notEvaluated';
  /** The place in an exemptions file, or the ARM id of an exemption of Azure Policy. */
  readonly at: Location | string;
  /** A rule id, or `*`; absent for one of Azure Policy. */
  readonly rule?: string;
  /** `YYYY-MM-DD`; absent for one without an end. */
  readonly expiresOn?: string;
  /** Without a full stop. */
  readonly message: string;
}
