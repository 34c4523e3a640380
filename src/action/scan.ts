import { resolve } from 'node:path';

import type { AzureOverrides } from '../azure/connection.ts';
import { UsageError } from '../model/errors.ts';
import type { Tool } from '../model/tool.ts';
import type { Repository } from '../reporters/scan/format.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { baselineWords } from '../reporters/words/baseline.ts';
import { subscriptionNames } from '../reporters/words/scope.ts';
import { verdictOf } from '../reporters/words/verdict.ts';
import { scanPorts } from '../sources/scan-ports.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import { categoryOf } from '../usecases/report/category.ts';
import { runScan } from '../usecases/run-scan.ts';
import type { FinishedScan } from '../usecases/scan/finished-scan.ts';
import type { ScanNotice, ScanPorts } from '../usecases/scan/ports.ts';
import { annotationsOf } from './annotations.ts';
import { failureAnnotations } from './failure-annotations.ts';
import type { ActionInputs } from './inputs.ts';
import {
  outputsOf,
  type ReportedInputs,
  type ReportFile,
  reportFiles,
  uploadOutputs,
  writeReports,
} from './outputs.ts';
import { commitBefore } from './pull-request.ts';
import type { Annotation } from './runner.ts';
import type { ActionWorld } from './world.ts';

/** A log is no terminal: nothing is wrapped. The job summary has what is not listed there. */
const log = {
  terminal: { color: false, width: Number.POSITIVE_INFINITY },
  view: { maxGroups: 50 },
};

/** The surroundings of a run of the action, in addition to its inputs. */
export interface RunContext {
  readonly world: ActionWorld;
  readonly azure: AzureOverrides;
  readonly tool: Tool;
  readonly annotate: (annotation: Annotation) => void;
}

/** Scans as the inputs say and reports to the runner; returns the exit code. Throws when there is no scan. */
export async function scanAndReport(inputs: ActionInputs, context: RunContext): Promise<number> {
  const { world, tool } = context;
  const compared = inputs.changedOnly
    ? await commitBefore(world, resolve(world.workspace, inputs.flags.code?.source ?? '.'))
    : {};
  if (compared.everything !== undefined) context.annotate(compared.everything);
  const finished = await runScan(
    {
      // The paths of inputs were checked when they were read.
      flags: { ...inputs.flags, changedSince: compared.commit },
      config: inputs.config,
      paths: [],
      tool,
      full: false,
      sourceRoot: inputs.sourceRoot,
      destinations: () => reportFiles(inputs),
      category: (settings) => inputs.category ?? categoryOf(settings),
      repository: repositoryOf(world.env),
    },
    workflowPorts(context),
  );
  if (finished.settings.outputs.length > 0)
    world.runner.info(
      'The output setting of the configuration file is ignored: the action writes sarif-file and json-file.',
    );
  return report(finished, { ...inputs, everything: compared.everything }, context);
}

/** Writes reports, annotations and outputs of a finished scan. Returns the exit code. */
async function report(
  finished: FinishedScan<ReportFile>,
  inputs: ReportedInputs,
  { world, tool, annotate }: RunContext,
): Promise<number> {
  const { report, settings, context, notes, archiving, exitCode: verdictCode } = finished;
  const { runner, workspace } = world;
  const words = [verdictOf(report).text, baselineWords(report, subscriptionNames(report))].join(' ').trim();
  runner.info(`${tool.name} ${tool.version}: ${terminalText(words)}`);
  const lost = await writeReports(report, { ...context, ...log }, { world, inputs });
  if (notes.length > 0) runner.group('Infrastructure code', notes.map(terminalText));
  const notArchived = archiving?.error;
  const code = lost.length > 0 || notArchived !== undefined ? exitCodes.refused : verdictCode;
  for (const { error } of lost) failureAnnotations(error, 'Report not written').forEach(annotate);
  if (notArchived !== undefined) failureAnnotations(notArchived, 'Scan not archived').forEach(annotate);
  const { anchor, category = '' } = context.codeScanning;
  const { failOn, failOnNew } = settings;
  annotationsOf(report, { verdictCode, code, failOn, failOnNew, anchor }).forEach(annotate);
  const lostPaths = new Set(lost.map(({ path }) => path));
  // An older file may still be there: no later step may take it for this scan's.
  const written = (path: string): string => (lostPaths.has(path) ? '' : fromWorkspace(workspace, path));
  const { sarifFile, jsonFile, markdownFile = '' } = inputs;
  const outputs = outputsOf(report, { sarifFile: written(sarifFile), jsonFile: written(jsonFile), code });
  const files = { upload: inputs.upload, markdownFile: written(markdownFile) };
  const uploads = uploadOutputs(files, outputs, { category, workspace });
  for (const [name, value] of Object.entries({ ...outputs, ...uploads })) runner.setOutput(name, value);
  return code;
}

/** A path as later steps use it: they start in the workspace. */
function fromWorkspace(workspace: string, path: string): string {
  return path.startsWith('../') ? resolve(workspace, path) : path;
}

const noticeTitles: Readonly<Record<ScanNotice['kind'], string>> = {
  ruleNeverApplies: 'Rule never applies',
  expired: 'Expired exemption',
  endsSoon: 'Exemption that ends soon',
  withoutEffect: 'Exemption without effect',
  notEvaluated: 'Exemption that is not evaluated',
  definitionNotEvaluated: 'Definition not evaluated',
  parametersWithoutEffect: 'Parameters without effect',
  limitWithoutEffect: 'Limit on writes without effect',
};

function workflowPorts({ world, azure, tool, annotate }: RunContext): ScanPorts {
  const { env, runner, workspace, packageRoot, now, signal } = world;
  return scanPorts({
    env,
    cwd: workspace,
    packageRoot,
    stdin: noInput,
    version: tool.version,
    azure,
    ...(env['RUNNER_DEBUG'] === '1' ? { debug: (line: string) => runner.debug(line) } : {}),
    progress: {
      show: (activity) => {
        if (activity.kind !== 'read') return;
        const { pages, resources, waitingMs, lookedInto } = activity;
        const waiting = waitingMs > 0 ? `, waiting ${Math.ceil(waitingMs / 1000)} s for Azure's quota` : '';
        const inside = lookedInto === undefined ? '' : `, ${lookedInto} looked into`;
        runner.debug(`${pages} pages, ${resources} resources${inside}${waiting}`);
      },
      clear: async () => undefined,
    },
    onNotice: ({ kind, message, at }) =>
      annotate({
        level: 'warning',
        title: noticeTitles[kind],
        ...(typeof at === 'string'
          ? { message: terminalText(`${at}: ${message}`) }
          : { message: terminalText(message), at }),
      }),
    now,
    signal,
  });
}

async function noInput(): Promise<never> {
  throw new UsageError('A workflow step has no standard input.', 'Name a file as the inventory.');
}

/**
 * The revision whose lines the anchors name, as the runner knows it; `undefined` where it does not. It changes with
 * the commit only: two scans of one commit report the same.
 */
function repositoryOf(env: Readonly<Record<string, string | undefined>>): Repository | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_SHA: revision } = env;
  if (!server || !name || !revision) return undefined;
  const branch = /^refs\/heads\/(.+)$/.exec(env['GITHUB_REF'] ?? '')?.[1];
  return { uri: `${server}/${name}`, revision, ...(branch === undefined ? {} : { branch }) };
}
