import type { AzureOverrides } from '../azure/connection.ts';
import { packageVersion } from '../files/package-version.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { annotator } from './annotations.ts';
import { failureAnnotations, failureSummary, inputAnnotation } from './failure-annotations.ts';
import { type ReadInputs, readInputs } from './inputs.ts';
import { missingPaths } from './missing-paths.ts';
import { outputsOfFailure } from './outputs.ts';
import type { Annotation } from './runner.ts';
import { scanAndReport } from './scan.ts';
import type { ActionWorld } from './world.ts';

/** The action: reads inputs, scans, reports, returns the exit code of the step. The one place that catches. */
export async function run(world: ActionWorld, azure: AzureOverrides = {}): Promise<number> {
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
