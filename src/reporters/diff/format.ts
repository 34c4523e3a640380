import type { ReportComparison } from '../../model/comparison.ts';
import type { Format, Terminal } from '../format.ts';

/** The surroundings of a comparison that its formats may use. */
export interface ComparisonContext {
  readonly terminal: Terminal;
  /** Every finding is listed, whatever the terminal. */
  readonly whole: boolean;
  /** Commands that go on from here, each as it is pasted into a shell. */
  readonly commands: {
    /** Plans the fixes of the newer report. */
    readonly plan: string;
    /** Shows why a rule matters. */
    readonly rule: (ruleId: string) => string;
    /** Lists every finding. */
    readonly everything: string;
  };
}

/** A format of the comparison of two reports. */
export type ComparisonFormat = Format<ReportComparison, ComparisonContext>;
