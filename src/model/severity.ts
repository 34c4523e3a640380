/** Worst first. The order is the meaning: never sort severities by spelling. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;

/** The severity of a failed rule. */
export type Severity = (typeof severities)[number];

/** 0 for the worst severity, growing as it matters less: a sort key. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** True when `severity` is as bad as `threshold` or worse. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return severityRank(severity) <= severityRank(threshold);
}
