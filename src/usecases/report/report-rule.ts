import type { NotJudged, ReportRule } from '../../model/report.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { sha256 } from '../../remediation/canonical-json.ts';

const documentation = 'https://github.com/purgeproof/purgeproof/blob/main/docs/rules';

/** A rule as reports carry it. A user's own rule points to its first reference, if it has one. */
export function reportRule(compiled: CompiledRule, notJudged: readonly NotJudged[] = []): ReportRule {
  const { rule } = compiled;
  return {
    id: rule.id,
    name: rule.name,
    title: rule.title,
    description: [rule.description, judgedWith(compiled)].filter((text) => text !== '').join(' '),
    severity: rule.severity,
    resourceType: rule.resourceTypes.join(', '),
    controls: rule.controls,
    helpUri: rule.builtIn ? `${documentation}/${rule.id}.md` : (rule.references[0] ?? documentation),
    parameters: compiled.parameters,
    ...(notJudged.length === 0 ? {} : { notJudged }),
  };
}

/**
 * The parameters that a rule is judged with, as a sentence for its description in a report; empty where all of them have
 * their defaults. Programs read `parameters` of the rule instead.
 */
export function judgedWith({ rule, parameters }: Pick<CompiledRule, 'rule' | 'parameters'>): string {
  const set = Object.entries(rule.parameters).flatMap(([name, definition]) => {
    const value = JSON.stringify(parameters[name]);
    return value === JSON.stringify(definition.default) ? [] : [`${name} = ${shortened(value)}`];
  });
  return set.length === 0 ? '' : `${opening}${set.join(', ')}.`;
}

const opening = 'Judged with ';

/** Long lists would not fit where descriptions are shown; all that matters is that another list reads otherwise. */
function shortened(value: string): string {
  return value.length <= 80 ? value : `${value.slice(0, 60)}… (SHA-256 ${sha256(value).slice(0, 12)})`;
}

/**
 * That sentence at the end of a description in a report of version 1.0, which had no other place for parameters. It is
 * found by the names of the rule's own parameters, since the rule may have been reworded since.
 */
export function judgedWithIn10(description: string, { rule }: CompiledRule): string {
  if (description.startsWith(rule.description)) return description.slice(rule.description.length).trim();
  const starts = Object.keys(rule.parameters).map((name) => description.lastIndexOf(`${opening}${name} = `));
  const start = Math.max(-1, ...starts);
  return start === -1 ? '' : description.slice(start);
}
