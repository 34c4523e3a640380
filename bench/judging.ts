import { shippedRules as shipped } from '../src/files/shipped-rules.ts';
import type { Resource } from '../src/model/resource.ts';
import type * as Evaluate from '../src/rules/evaluate.ts';
import type * as Resources from '../src/sources/rows/resource.ts';
import { notJudged, readableBy } from '../src/usecases/scan/not-judged.ts';
import { built } from './built.ts';
import { generatedVaults } from './inventory-file.ts';
import type { CompiledRule } from '../src/rules/condition/compiled.ts';

/** The shipped rules that a plain scan judges, with their default parameters, compiled by the built program. */
export async function shippedRules(): Promise<readonly CompiledRule[]> {
  const { compileRule } = await built<typeof Evaluate>('rules/evaluate');
  const readable = readableBy(['live', 'deleted']);
  return shipped
    .filter((rule) => notJudged(rule, readable).length < rule.resourceTypes.length)
    .map((rule) => compileRule(rule, {}));
}

/** Generated vaults as a source hands them over. */
export async function generatedResources(vaults: number, failing: number): Promise<readonly Resource[]> {
  const { toResource, isRowProblem } = await built<typeof Resources>('sources/rows/resource');
  return Array.from(generatedVaults(vaults, failing), (body) => {
    // As parsed from an answer: every vault with strings and objects of its own.
    const resource = toResource(JSON.parse(JSON.stringify(body)));
    if (isRowProblem(resource)) throw new Error(resource.problem);
    return resource;
  });
}

/** The shortest of several runs, in milliseconds. */
export function best(runs: number, work: () => void): number {
  const durations = Array.from({ length: runs }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...durations);
}
