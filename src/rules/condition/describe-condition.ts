import type { Comparison, Condition, Count, ValueCount } from '../../model/rule.ts';
import type { Json } from '../../model/json.ts';
import { operators } from '../operators/index.ts';
import { inWords } from '../operators/scalar.ts';
import { compileField } from './field.ts';
import { readTemplate } from './template.ts';

/** The surroundings of a part of a condition: its depth, the `count` fields around it, and whether a `not` inverts it. */
interface Place {
  readonly indent: string;
  readonly counted: readonly string[];
  readonly holds: boolean;
}

/** A condition as an indented list in Markdown: what a person checks, in the order of the rule's text. */
export function describeCondition(condition: Condition): readonly string[] {
  return describe(condition, { indent: '', counted: [], holds: true });
}

function describe(condition: Condition, place: Place): readonly string[] {
  const { indent, holds } = place;
  if (condition.kind === 'comparison') return describeComparison(condition, place);
  if (condition.kind === 'not') return describe(condition.condition, { ...place, holds: !holds });
  const [only, ...others] = condition.conditions;
  if (only !== undefined && others.length === 0) return describe(only, place);
  const below = { ...place, indent: `${indent}  `, holds: true };
  return [
    `${indent}- ${headings[condition.kind][holds ? 'holds' : 'fails']}`,
    ...condition.conditions.flatMap((part) => describe(part, below)),
  ];
}

const headings = {
  allOf: { holds: 'all of:', fails: 'not all of:' },
  anyOf: { holds: 'at least one of:', fails: 'none of:' },
};

function describeComparison(comparison: Comparison, place: Place): readonly string[] {
  const { operand } = comparison;
  const { indent, counted, holds } = place;
  const said = operators[comparison.operator]?.phrase(comparison.expected, holds, show) ?? '';
  if (operand.kind === 'value') return [`${indent}- ${show(operand.value)} ${said}`];
  if (operand.kind === 'count' || operand.kind === 'valueCount') {
    const line = `${indent}- ${countWords(comparison, operand, { holds, said })}`;
    if (operand.where === undefined) return [line];
    const around = operand.kind === 'count' ? [...counted, operand.field] : counted;
    return [line, ...describe(operand.where, { indent: `${indent}  `, counted: around, holds: true })];
  }
  const each = holds ? 'every ' : 'at least one ';
  const which = compileField(operand.path, counted).collection ? each : '';
  return [`${indent}- ${which}\`${operand.path}\` ${said}`];
}

/** `[parameters('x')]` reads as a parameter to a person; of a list, every element is shown. */
function show(value: Json): string {
  if (Array.isArray(value)) return value.map(show).join(', ');
  const template = typeof value === 'string' ? readTemplate(value) : undefined;
  if (template !== undefined && 'parameter' in template) return `the parameter ${code(template.parameter)}`;
  return code(template !== undefined && 'literal' in template ? template.literal : inWords(value));
}

/** A span of code; one that holds a backtick is fenced by two. */
function code(text: string): string {
  if (text === '') return 'the empty text';
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** A comparison of a count as a sentence; with `where` it ends in a colon, and the condition follows. */
function countWords(
  { operator, expected }: Comparison,
  counted: Count | ValueCount,
  { holds, said }: { readonly holds: boolean; readonly said: string },
): string {
  const { where } = counted;
  const list = 'field' in counted ? `\`${counted.field.replace(/\[\*\]$/u, '')}\`` : show(counted.value);
  const quantity = isParameter(expected) ? 'other' : quantityOf(operator, expected, holds);
  if (quantity === 'other') {
    return where === undefined
      ? `the number of elements of ${list} ${said}`
      : `the number of elements of ${list} that meet this condition ${said}:`;
  }
  if (where === undefined)
    return `${list} has ${quantity === 'none' ? 'no elements' : 'at least one element'}`;
  return `${quantity === 'none' ? 'no' : 'at least one'} element of ${list} meets this condition:`;
}

/** People say "none" and "at least one", in whatever of several ways a rule asks for it. */
function quantityOf(operator: string, expected: Json, holds: boolean): 'none' | 'some' | 'other' {
  const test = operators[operator]?.compile(expected);
  const answers = [0, 1, 2, Number.MAX_SAFE_INTEGER].map((count) => test?.(count) === holds);
  const [atZero, ...above] = answers;
  if (atZero === true && !above.includes(true)) return 'none';
  return atZero === false && !above.includes(false) ? 'some' : 'other';
}

function isParameter(expected: Json): boolean {
  return typeof expected === 'string' && 'parameter' in readTemplate(expected);
}
