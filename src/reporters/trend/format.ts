import type { Trend } from '../../model/trend.ts';
import type { Format, Terminal } from '../format.ts';

/** The surroundings of a trend that its formats may use. */
export interface TrendContext {
  readonly terminal: Terminal;
  /** The archive, as named on the command line. */
  readonly archive: string;
}

/** A format of the trend of an archive. */
export type TrendFormat = Format<Trend, TrendContext>;
