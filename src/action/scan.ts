import { resolve } from 'node:path';
import { signInFiles } from '../azure/sign-in/files.ts';
import { UsageError } from '../model/errors.ts';
import type { ScanReport } from '../model/report.ts';
import type { Tool } from '../model/tool.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { verdictOf } from '../reporters/words/verdict.ts';
import { openSource } from '../sources/open-source.ts';
import { policyFiles } from '../files/policy-files.ts';
import { checkDestinations } from '../files/destinations/check.ts';
import { scanAnchors } from '../files/checkout/scan-anchors.ts';
import { categoryOf } from '../usecases/report/category.ts';
import { exitCodes, scanExitCode } from '../usecases/exit-code.ts';
import { expiredExemptions } from '../usecases/settings/expired-exemptions.ts';
import { preparePolicies, type ScanPolicies } from '../usecases/settings/load-policies.ts';
import { openAndScan } from '../usecases/scan/open-and-scan.ts';
import { ruleHelpOf } from '../usecases/report/rule-help.ts';
import { readSettings } from '../usecases/settings/read-settings.ts';
import type { ScanSettings } from '../usecases/settings/scan-settings.ts';
import { annotationsOf } from './annotations.ts';
import type { ActionInputs } from './inputs.ts';
import { outputsOf } from './outputs.ts';
import { failureAnnotations } from './failure.ts';
import { reportFiles, writeReports } from './reports.ts';
import { repositoryOf } from './repository.ts';
import type { Annotation } from './runner.ts';
import { uploadOutputs } from './upload.ts';
import type { ActionWorld, AzureOverrides } from './world.ts';

const logWidth = 120;

/** What a run of the action has beside its inputs. */
export interface RunContext {
  readonly world: ActionWorld;
  readonly azure: AzureOverrides;
  readonly tool: Tool;
  readonly annotate: (annotation: Annotation) => void;
}

/** Scans as the inputs say and tells the runner everything; returns the exit code. Throws when there is no scan. */
export async function scanAndReport(inputs: ActionInputs, context: RunContext): Promise<number> {
  const { world, tool } = context;
  const filesRead = new Set<string>();
  const folders = { packageRoot: world.packageRoot, cwd: world.workspace };
  const files = policyFiles(folders, (path) => filesRead.add(path));
  // What inputs name was looked for when they were read.
  const request = { flags: inputs.flags, config: inputs.config, paths: [] };
  const { config, settings } = await readSettings(request, files);
  const policies = await preparePolicies(settings, files);
  await checkDestinations(reportFiles(inputs), {
    cwd: world.workspace,
    files: [...filesRead, settings.inventory, ...signInFiles(world.env)],
    sourceRoot: inputs.sourceRoot,
  });
  warn(settings, policies, context);
  const report = await read(settings, policies, context);
  const { runner } = world;
  runner.info(`${tool.name} ${tool.version}: ${terminalText(verdictOf(report).text)}`);
  return tell(report, { inputs, settings, policies, configFile: config?.file, context });
}

interface Story {
  readonly inputs: ActionInputs;
  readonly settings: ScanSettings;
  readonly policies: ScanPolicies;
  readonly configFile: string | undefined;
  readonly context: RunContext;
}

/** Reports, annotations, outputs: everything that comes of a scan, once it is over. Returns the exit code. */
async function tell(report: ScanReport, story: Story): Promise<number> {
  const { inputs, settings, policies, configFile, context } = story;
  const { world, annotate } = context;
  const { anchor, notes } = await scanAnchors({
    findings: report.findings,
    rules: policies.rules,
    cwd: world.workspace,
    sourceRoot: inputs.sourceRoot,
    configFile,
    workflowRef: world.env['GITHUB_WORKFLOW_REF'],
    signal: world.signal,
    written: reportFiles(inputs).map(({ path }) => path),
  });
  const repository = repositoryOf(world.env);
  const category = inputs.category ?? categoryOf(settings);
  const surroundings = {
    terminal: { color: false, width: logWidth },
    codeScanning: { anchor, category, ...(repository === undefined ? {} : { repository }) },
    ruleHelp: ruleHelpOf(policies.rules),
  };
  const lost = await writeReports(report, surroundings, { world, inputs });
  if (notes.length > 0) world.runner.group('Infrastructure code', notes.map(terminalText));
  const verdictCode = world.signal.aborted ? exitCodes.incomplete : scanExitCode(report, settings);
  const code = lost.length > 0 ? exitCodes.refused : verdictCode;
  for (const { error } of lost) failureAnnotations(error, 'Report not written').forEach(annotate);
  annotationsOf(report, { verdictCode, code, failOn: settings.failOn, anchor }).forEach(annotate);
  const { workspace } = world;
  const lostPaths = new Set(lost.map(({ path }) => path));
  // An older file may still be there: no later step may take it for this scan's.
  const written = (path: string): string => (lostPaths.has(path) ? '' : fromWorkspace(workspace, path));
  const { sarifFile, jsonFile, markdownFile = '' } = inputs;
  const outputs = outputsOf(report, { sarifFile: written(sarifFile), jsonFile: written(jsonFile), code });
  const files = { upload: inputs.upload, markdownFile: written(markdownFile) };
  const uploads = uploadOutputs(files, outputs, { category, workspace });
  for (const [name, value] of Object.entries({ ...outputs, ...uploads })) world.runner.setOutput(name, value);
  return code;
}

/** As later steps find it: they start in the workspace. */
function fromWorkspace(workspace: string, path: string): string {
  return path.startsWith('../') ? resolve(workspace, path) : path;
}

function warn(
  { outputs }: ScanSettings,
  { exemptions, neverApply }: ScanPolicies,
  context: RunContext,
): void {
  const { world, annotate } = context;
  for (const { message, ...at } of neverApply)
    annotate({ level: 'warning', title: 'Rule never applies', message: terminalText(message), at });
  for (const { message, ...at } of expiredExemptions(exemptions, world.now()))
    annotate({ level: 'warning', title: 'Expired exemption', message: terminalText(message), at });
  if (outputs.length > 0)
    world.runner.info(
      'The output setting of the configuration file is ignored: the action writes sarif-file and json-file.',
    );
}

async function read(
  settings: ScanSettings,
  policies: ScanPolicies,
  { world, azure, tool, annotate }: RunContext,
): Promise<ScanReport> {
  const debugging = world.env['RUNNER_DEBUG'] === '1';
  return openAndScan({
    tool,
    policies,
    full: false,
    open: (needs) =>
      openSource(settings, {
        cwd: world.workspace,
        stdin: noInput,
        version: tool.version,
        azure,
        ...needs,
        ...(debugging ? { debug: (line: string) => world.runner.debug(line) } : {}),
        onProgress: ({ pages, resources, waitingMs }) => {
          const waiting = waitingMs > 0 ? `, waiting ${Math.ceil(waitingMs / 1000)} s for Azure's quota` : '';
          world.runner.debug(`${pages} pages, ${resources} vaults${waiting}`);
        },
      }),
    now: world.now,
    includeCompliant: settings.includeCompliant,
    signal: world.signal,
    onNotice: ({ message, ...at }) =>
      annotate({ level: 'warning', title: 'Exemption without effect', message: terminalText(message), at }),
  });
}

async function noInput(): Promise<never> {
  throw new UsageError('A workflow step has no standard input.', 'Name a file as the inventory.');
}
