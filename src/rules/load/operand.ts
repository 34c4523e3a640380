import type { Json, JsonPath } from '../../model/json.ts';
import { type ParameterValues, readTemplate } from '../condition/template.ts';
import { operators } from '../operators/index.ts';
import { type CheckResult, noIssues } from '../../documents/document.ts';

/** An operator in a rule file with the value written after it. */
export interface Operand {
  readonly operator: string;
  readonly expected: Json;
  readonly path: JsonPath;
}

/** Checks an operand for what is wrong whatever it is compared with. */
export function checkOperandAlone(operand: Operand, defaults: ParameterValues): CheckResult {
  const { operator, expected, path } = operand;
  const kind = operators[operator]?.kind;
  const isList = kind === 'membership';
  const misfit = misfitOf(operand, defaults, isList);
  if (misfit !== undefined) return { mistakes: [{ path, message: misfit }], warnings: [] };
  if (isList && Array.isArray(expected) && expected.length === 0) {
    const outcome = isNegated(operator) ? 'always' : 'never';
    return {
      mistakes: [{ path, message: `"${operator}" with an empty list ${outcome} holds` }],
      warnings: [],
    };
  }
  if (kind !== 'wildcard' || typeof expected !== 'string' || /\*|^\[/u.test(expected)) return noIssues;
  const plain = isNegated(operator) ? 'notEquals' : 'equals';
  return { mistakes: [], warnings: [{ path, message: `"${operator}" without * is the same as ${plain}` }] };
}

/** Negated operators hold on a missing field. */
function isNegated(operator: string): boolean {
  return operators[operator]?.compile('')(undefined) === true;
}

/** A parameter in the place of a list must hold a list, and nowhere else may it. */
function misfitOf(
  { operator, expected }: Operand,
  defaults: ParameterValues,
  isList: boolean,
): string | undefined {
  const template = readTemplate(typeof expected === 'string' ? expected : '');
  const value = 'parameter' in template ? defaults[template.parameter] : undefined;
  if (!('parameter' in template) || value === undefined || value === null) return undefined;
  if (Array.isArray(value) === isList) return undefined;
  const name = `the parameter "${template.parameter}"`;
  return isList
    ? `"${operator}" needs a list, but ${name} holds none`
    : `"${operator}" takes one value, but ${name} holds a list`;
}
