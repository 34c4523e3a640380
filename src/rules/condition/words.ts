import type { Comparison, Condition } from '../../model/condition.ts';
import type { Json } from '../../model/json.ts';
import { operators } from '../operators/index.ts';
import { inWords } from '../operators/scalar.ts';
import { readTemplate } from './template.ts';

/** A condition as an indented list in Markdown: what a person checks, in the order of the rule's text. */
export function describeCondition(condition: Condition, indent = ''): readonly string[] {
  if (condition.kind === 'comparison')
    return [`${indent}- ${describeComparison(condition)}`, ...inside(condition, indent)];
  if (condition.kind === 'not') {
    return [`${indent}- not:`, ...describeCondition(condition.condition, `${indent}  `)];
  }
  const heading = condition.kind === 'allOf' ? 'all of:' : 'at least one of:';
  return [
    `${indent}- ${heading}`,
    ...condition.conditions.flatMap((part) => describeCondition(part, `${indent}  `)),
  ];
}

function describeComparison({ operand, operator, expected }: Comparison): string {
  const wanted = nameParameter(expected);
  const expectation = `**${inWords(operators[operator]?.describe(wanted) ?? wanted)}**`;
  if (operand.kind === 'value') return `\`${inWords(nameParameter(operand.value))}\` is ${expectation}`;
  if (operand.kind === 'field') return `\`${operand.path}\` is ${expectation}`;
  return operand.where === undefined
    ? `the number of \`${operand.field}\` is ${expectation}`
    : `the number of \`${operand.field}\` is ${expectation}, counting those where`;
}

/** `[parameters('x')]` reads as `x` to a person. */
function nameParameter(value: Json): Json {
  const template = typeof value === 'string' ? readTemplate(value) : { literal: value };
  return 'parameter' in template ? template.parameter : value;
}

function inside({ operand }: Comparison, indent: string): readonly string[] {
  if (operand.kind !== 'count' || operand.where === undefined) return [];
  return describeCondition(operand.where, `${indent}  `);
}
