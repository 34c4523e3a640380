import type { RunReport } from '../../model/apply.ts';
import type { Format, Terminal } from '../format.ts';

/** The results of a run; `dryRun` is `apply`'s. */
export type ShownRun = RunReport & { readonly dryRun?: boolean };

/** A format of the results of a run that writes: of `apply`, of a recovery, of a purge. */
export type ApplyFormat = Format<ShownRun, Terminal>;
