import type { ApplyReport } from '../../model/apply.ts';
import type { Format, Terminal } from '../format.ts';

/** A format of the results of `apply`. */
export type ApplyFormat = Format<ApplyReport, Terminal>;
