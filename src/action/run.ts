import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AzureOverrides } from '../azure/connection.ts';
import { packageVersion } from '../files/package-version.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { annotator } from './annotations.ts';
import { failureAnnotations, failureSummary, inputAnnotation } from './failure-annotations.ts';
import { type ActionInputs, type InputProblem, type ReadInputs, readInputs } from './inputs.ts';
import { outputsOfFailure } from './outputs.ts';
import { type Annotation, speakingOfInputs } from './runner.ts';
import { scanAndReport } from './scan.ts';
import type { ActionWorld } from './world.ts';

/** Runs the action: reads inputs, scans, reports, returns the exit code of the step. The one place that catches. */
export async function run(surroundings: ActionWorld, azure: AzureOverrides = {}): Promise<number> {
  const world = { ...surroundings, runner: speakingOfInputs(surroundings.runner) };
  const annotate = annotator(world.runner);
  try {
    const { inputs, problems } = await checkedInputs(world);
    if (problems.length > 0) return await refuse(problems.map(inputAnnotation), world);
    const tool = { name: 'purgeproof', version: packageVersion(world.packageRoot) };
    return await scanAndReport(inputs, { world, azure, tool, annotate });
  } catch (error) {
    return refuse(failureAnnotations(error), world);
  }

  async function refuse(annotations: readonly Annotation[], { runner }: ActionWorld): Promise<number> {
    annotations.forEach(annotate);
    const outputs = outputsOfFailure(exitCodes.refused);
    for (const [name, value] of Object.entries(outputs)) runner.setOutput(name, value);
    await runner.addSummary(failureSummary(annotations));
    return exitCodes.refused;
  }
}

async function checkedInputs({ env, workspace }: ActionWorld): Promise<ReadInputs> {
  const { inputs, problems } = readInputs(env, workspace);
  return { inputs, problems: [...problems, ...(await missingPaths(inputs, workspace))] };
}

/** A problem for each path in the inputs that does not exist, or is of another kind than the input takes. */
async function missingPaths(
  { flags, config, sourceRoot }: ActionInputs,
  workspace: string,
): Promise<readonly InputProblem[]> {
  const named: readonly (readonly [input: string, path: string | undefined, kind?: 'file' | 'folder'])[] = [
    ['inventory', flags.inventory, 'file'],
    ['template', flags.code?.template, 'file'],
    ['template-parameters', flags.code?.parameters, 'file'],
    ['bicep', flags.code?.bicep, 'file'],
    ['terraform', flags.code?.terraform, 'file'],
    ['source', flags.code?.source, 'folder'],
    ...flags.policies.map((path) => ['policies', path] as const),
    ['config', config, 'file'],
    ['exemptions', flags.exemptions, 'file'],
    ['baseline', flags.baseline, 'file'],
    ['source-root', sourceRoot, 'folder'],
  ];
  const problems = await Promise.all(
    named.map(async ([input, path, kind = 'file or folder']): Promise<readonly InputProblem[]> => {
      if (path === undefined) return [];
      const found = await kindOf(resolve(workspace, path));
      if (found !== undefined && kind.includes(found)) return [];
      const hint =
        'Paths are relative to the workspace: check out the repository first, with actions/checkout.';
      return [{ input, message: `There is no ${kind} ${path}.`, hint }];
    }),
  );
  return problems.flat();
}

function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  return stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => undefined,
  );
}
