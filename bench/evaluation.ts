import type { Resource } from '../src/model/resource.ts';
import type * as Evaluate from '../src/rules/evaluate.ts';
import { built } from './built.ts';
import { best, generatedResources, shippedRules } from './judging.ts';
import { judged, type Section, times } from './section.ts';
import type { CompiledRule } from '../src/rules/condition/compiled.ts';

const target = 2_000_000;
const vaults = 20_000;

/** Verdicts a second on one core. */
export async function evaluation(): Promise<Section> {
  const { judge, decisiveEvidence } = await built<typeof Evaluate>('rules/evaluate');
  const rules = (await shippedRules()).filter(({ appliesTo }) => appliesTo('Microsoft.KeyVault/vaults'));
  const verdicts = vaults * rules.length;
  const judgeOnly = (rule: CompiledRule, resource: Resource): void => {
    judge(rule, resource);
  };
  const withEvidence = (rule: CompiledRule, resource: Resource): void => {
    if (judge(rule, resource) === 'nonCompliant') decisiveEvidence(rule, resource);
  };
  const rows: (readonly string[])[] = [];
  for (const failing of [0.01, 0.1, 1]) {
    const resources = await generatedResources(vaults, failing);
    for (const [name, work] of [
      ['verdicts', judgeOnly],
      ['verdicts and evidence', withEvidence],
    ] as const) {
      const ms = best(15, () => {
        for (const resource of resources) for (const rule of rules) work(rule, resource);
      });
      const rate = (verdicts / ms) * 1000;
      rows.push([`${failing * 100} %`, name, times(rate / target), judged(rate >= target)]);
    }
  }
  return {
    title: 'Evaluation',
    text: [
      `One thread judges ${vaults.toLocaleString('en')} generated vaults by the ${rules.length} shipped rules about vaults; the ` +
        'best of 15 rounds. A scan gathers evidence only of what it lists, which is what fails. Target: 2,000,000 ' +
        '(rule, resource) verdicts a second. Where every vault fails, two of seven verdicts bring evidence, and to ' +
        'make it costs more than to judge.',
    ],
    head: ['failing', 'work', 'rate ÷ target', 'target'],
    rows,
  };
}
