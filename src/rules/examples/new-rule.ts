import { stringify } from 'yaml';
import type { Problem } from '../../model/errors.ts';
import type { Json, JsonObject, JsonPath } from '../../model/json.ts';
import type { Examples, ExampleKind, Rule } from '../../model/rule.ts';
import type { Severity } from '../../model/severity.ts';
import { checkRule } from '../load/rule-check.ts';
import { checkRuleFiles } from '../load/rules.ts';
import { exampleKinds } from './judge-examples.ts';
import { exampleText, testRule } from './test-rule.ts';

/** A rule to begin with: one comparison, and the tag that a resource must have for it to apply. */
export interface NewRule {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  readonly resourceType: string;
  readonly description: string;
  readonly field: string;
  readonly operator: string;
  readonly value: Json;
  readonly tag?: { readonly name: string; readonly value: string };
}

/** The text of a rule file, or what is wrong with the rule, each with its place in it. */
export type NewRuleFile =
  | { readonly text: string; readonly warnings: readonly Problem[] }
  | { readonly mistakes: readonly { readonly path: JsonPath; readonly message: string }[] };

/**
 * Writes a rule with remarks for whoever goes on with it, and with examples that show all of it as far as they can be worked
 * out. What is behind a `#` without a space is a proposal, and valid once the `#` is taken away.
 */
export function newRuleFile(rule: NewRule, file: string): NewRuleFile {
  const { mistakes } = checkRule(valueOf(rule));
  if (mistakes.length > 0) return { mistakes };
  const read = (text: string) =>
    checkRuleFiles([{ file, bytes: new TextEncoder().encode(text), builtIn: false }]);
  const [loaded] = read(textOf(rule, noExamples)).rules;
  if (loaded === undefined) throw new Error(`the new rule ${rule.id} is valid, and is not there`);
  const text = textOf(rule, withExamples(loaded, loaded.examples, 0));
  const { warnings, problems } = read(text);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`the new rule ${rule.id} is not valid: ${problem.message}`);
  return { text, warnings };
}

const noExamples: Examples = { pass: [], fail: [], notApplicable: [], unknown: [] };

/** One example may show what no other could be proposed for, so it is asked again. */
const mostRounds = 3;

function withExamples(rule: Rule, examples: Examples, round: number): Examples {
  const { gaps } = testRule({ ...rule, examples }, () => rule.location);
  const proposals = new Map(
    gaps.flatMap(({ proposal }) => (proposal === undefined ? [] : [[proposal.yaml, proposal]])),
  );
  if (proposals.size === 0 || round === mostRounds) return examples;
  const added = (kind: ExampleKind): readonly JsonObject[] => [
    ...examples[kind],
    ...[...proposals.values()].filter((one) => one.kind === kind).map(({ body }) => body),
  ];
  const more = {
    pass: added('pass'),
    fail: added('fail'),
    notApplicable: added('notApplicable'),
    unknown: added('unknown'),
  };
  return withExamples(rule, more, round + 1);
}

function valueOf(rule: NewRule): JsonObject {
  const { id, name, title, severity, resourceType, description } = rule;
  const when = rule.tag === undefined ? {} : { when: conditionOnTag(rule.tag) };
  return { id, name, title, severity, resourceType, description, ...when, require: requirementOf(rule) };
}

function requirementOf({ field, operator, value }: NewRule): JsonObject {
  return { field, [operator]: value };
}

function conditionOnTag({ name, value }: NonNullable<NewRule['tag']>): JsonObject {
  return { field: /^[\w-]+$/u.test(name) ? `tags.${name}` : `tags['${name}']`, equals: value };
}

function textOf(rule: NewRule, examples: Examples): string {
  const { id, name, title, severity, resourceType, description, tag } = rule;
  return [
    '# yaml-language-server: $schema=https://raw.githubusercontent.com/purgeproof/purgeproof/main/schemas/rule.schema.json',
    '# Every key, operator and field: https://github.com/purgeproof/purgeproof/blob/main/docs/writing-rules.md',
    '# A # with one space behind it begins a remark, any other a proposal: take it away.',
    '',
    '# Permanent: reports, exemptions and alerts name it.',
    yaml({ id }),
    yaml({ name }),
    '# One line: what is true where the rule passes.',
    yaml({ title }),
    '# critical, high, medium or low',
    yaml({ severity }),
    yaml({ resourceType }),
    '# Why it matters, for whoever reads a finding.',
    yaml({ description }),
    '',
    ...(tag === undefined
      ? []
      : ['# To which resources the rule applies.', yaml({ when: conditionOnTag(tag) }), '']),
    '# What must hold. Conditions are joined by allOf, anyOf and not.',
    yaml({ require: requirementOf(rule) }),
    '',
    '# The fix: steps for a person, or a patch that makes each failing example pass.',
    '#remediation: { risk: safe, manual: Say here what has to be done. }',
    '#controls: { ORG-Baseline: [KV-1] }',
    '#references: [https://learn.microsoft.com/azure/key-vault/general/secure-key-vault]',
    '',
    ...exampleLines(examples),
    '',
  ].join('\n');
}

function exampleLines(examples: Examples): readonly string[] {
  const lines = exampleKinds.flatMap((kind) => {
    const items = examples[kind].map((body) => `    - ${exampleText(body)}`);
    return items.length === 0 ? [] : [`  ${kind}:`].concat(items);
  });
  if (lines.length === 0) return [];
  return [
    '# The tests of the rule, worked out from it: read whether each says what you mean.',
    'examples:',
    ...lines,
  ];
}

function yaml(value: JsonObject): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}
