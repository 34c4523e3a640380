import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../cli/run.ts';

/** action.yml, as far as the tests look at it. */
export interface Manifest {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

/** A step of a composite action or of a job. */
export interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

export const manifest: Manifest = parse(readFileSync(join(packageRoot, 'action.yml'), 'utf8'));

/** What a step did, as a workflow sees it. */
export interface StepResult {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Builds the action by its own command, and puts what it needs at run time into a folder, without node_modules. */
export function releaseFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-action-'));
  const tsx = join(packageRoot, 'node_modules/tsx/dist/cli.mjs');
  const outdir = join(folder, 'dist/action');
  execFileSync(process.execPath, [tsx, 'scripts/build-action.ts', outdir], {
    cwd: packageRoot,
    stdio: 'pipe',
  });
  for (const name of ['policies', 'package.json', 'action.yml'])
    cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
  return folder;
}

/** Where a step runs. */
export interface Runner {
  readonly actionPath: string;
  readonly workspace: string;
  /** The interpreter that `node` finds. */
  readonly node: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts the step `scan` of action.yml the way the runner does: its `env`, its `run` in bash, command files. */
export function startScanStep(inputs: Readonly<Record<string, string>>, runner: Runner) {
  const step = manifest.runs.steps.find(({ id }) => id === 'scan');
  const home = mkdtempSync(join(tmpdir(), 'purgeproof-runner-'));
  const files = {
    output: join(home, 'output'),
    summary: join(home, 'summary'),
    script: join(home, 'step.sh'),
  };
  writeFileSync(files.output, '');
  writeFileSync(files.summary, '');
  writeFileSync(files.script, step?.run ?? 'exit 99');
  mkdirSync(join(home, 'bin'));
  symlinkSync(runner.node, join(home, 'bin/node'));
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', files.script], {
    cwd: runner.workspace,
    env: {
      PATH: `${join(home, 'bin')}:/usr/bin:/bin`,
      HOME: home,
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: runner.actionPath,
      GITHUB_OUTPUT: files.output,
      GITHUB_STEP_SUMMARY: files.summary,
      GITHUB_WORKSPACE: runner.workspace,
      ...runner.env,
      ...Object.fromEntries(
        Object.entries(step?.env ?? {}).map(([name, value]) => [name, evaluate(value, inputs)]),
      ),
    },
  });
  const log: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => log.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => log.push(chunk));
  const ended = new Promise<StepResult>((resolve) => {
    child.on('close', (code) => {
      const outputs = readOutputs(readFileSync(files.output, 'utf8'));
      const summary = readFileSync(files.summary, 'utf8');
      resolve({ code, log: Buffer.concat(log).toString(), outputs, summary });
    });
  });
  return { child, ended };
}

/** The one expression that the step uses: `${{ inputs.NAME }}`. */
function evaluate(value: string, inputs: Readonly<Record<string, string>>): string {
  return value.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => {
    return inputs[name] ?? manifest.inputs[name]?.default ?? '';
  });
}

/** The format of `GITHUB_OUTPUT`: `name<<delimiter`, lines, the delimiter. */
function readOutputs(text: string): Readonly<Record<string, string>> {
  const found = text.matchAll(/^([\w-]+)<<(\S+)\n(?:(.*?)\n)?\2\n/gms);
  return Object.fromEntries(Array.from(found, ([, name = '', , value = '']) => [name, value]));
}

/** Node.js 24 from its npm package; a sentence that says why where there is none. */
export function node24(): { readonly path: string } | { readonly missing: string } {
  const folder = join(packageRoot, 'test/action/node-24');
  const path = join(folder, 'node_modules/.bin/node');
  if (existsSync(path)) return { path };
  try {
    execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'pipe' });
  } catch (error) {
    return { missing: `npm could not install Node.js 24: ${String(error).split('\n')[0]}` };
  }
  return existsSync(path)
    ? { path }
    : { missing: `npm has no Node.js 24 for ${process.platform}-${process.arch}` };
}
