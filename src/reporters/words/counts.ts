import { severities, type Severity } from '../../model/severity.ts';

/** `1 finding`, `1,234 findings`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${amount === 1 ? one : many}`;
}

/**
 * A whole number with commas between thousands, in every locale. Without `Intl`, whose tables take a fifth as long to
 * load as Node.js takes to start.
 */
export function number(amount: number): string {
  return String(amount).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 critical, 6 high`: the severities that occur, worst first; empty when none does. */
export function countSeverities(bySeverity: Readonly<Record<Severity, number>>): string {
  return severities
    .filter((severity) => bySeverity[severity] > 0)
    .map((severity) => `${number(bySeverity[severity])} ${severity}`)
    .join(', ');
}
