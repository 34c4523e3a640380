import type { ReportRule } from '../../model/report.ts';

/** The controls that a rule serves: `CIS-Azure-6.0/8.3.5`, `MCSB/DP-8`. */
export function controlNames({ controls }: Pick<ReportRule, 'controls'>): readonly string[] {
  return Object.entries(controls).flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`));
}
