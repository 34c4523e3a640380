import type { NotJudged, ReportRule } from '../../model/report.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { judgedWith } from './judged-with.ts';

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
