import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { variableOf } from '../../src/action/inputs.ts';
import { includableParts } from '../../src/resource-types/known-type.ts';
import { packageRoot } from '../cli/run.ts';
import { manifest, type Step } from './step.ts';

interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly permissions?: unknown; readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }
    >
  >;
}

const workflowFolder = join(packageRoot, '.github/workflows');
const workflows = readdirSync(workflowFolder).map((file) => {
  const workflow: Workflow = parse(readFileSync(join(workflowFolder, file), 'utf8'));
  return { file, workflow };
});
const documented = workflowsIn(readFileSync(join(packageRoot, 'docs/github-action.md'), 'utf8'));

/** Every YAML block of a page that is a whole workflow. */
function workflowsIn(markdown: string): readonly { readonly file: string; readonly workflow: Workflow }[] {
  const blocks = Array.from(markdown.matchAll(/^```yaml\n(.*?)^```/gms), ([, yaml = '']) => yaml);
  return blocks
    .map((yaml, index) => ({ file: `docs/github-action.md, block ${index + 1}`, workflow: parse(yaml) }))
    .filter(({ workflow }) => workflow.jobs !== undefined);
}

function stepsOf({ jobs }: Workflow): readonly Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

const everything = [
  { file: 'action.yml', steps: manifest.runs.steps },
  ...[...workflows, ...documented].map(({ file, workflow }) => ({ file, steps: stepsOf(workflow) })),
];

describe('action.yml', () => {
  test('has the promised inputs and outputs', () => {
    expect(Object.keys(manifest.inputs).join(' ')).toBe(
      'subscriptions management-groups inventory template bicep template-parameters terraform source changed-only show-deployed policies config exemptions parameters fail-on baseline fail-on-new archive azure-exemptions allow-incomplete include source-root category cloud request-timeout sarif-file json-file markdown-file upload',
    );
    expect(Object.keys(manifest.outputs).join(' ')).toBe(
      'complete findings highest-severity sarif-file json-file exit-code',
    );
  });

  test('describes each input and output in sentences', () => {
    for (const { description } of [...Object.values(manifest.inputs), ...Object.values(manifest.outputs)])
      expect(description).toMatch(/^(?:\p{Lu}|true|0).{20,}\.?$/u);
  });

  test('names every part that can be included, as its documentation does', () => {
    const page = readFileSync(join(packageRoot, 'docs/github-action.md'), 'utf8');
    const row = page.split('\n').find((line) => line.startsWith('| `include`'));
    for (const part of includableParts) {
      expect(manifest.inputs['include']?.description).toContain(part);
      expect(row).toContain(`\`${part}\``);
    }
  });

  test('hands every input to the scan through its environment, by the name that the scan reads', () => {
    const step = manifest.runs.steps.find(({ id }) => id === 'scan');
    const expected = Object.keys(manifest.inputs).map((input) => [
      variableOf(input),
      `\${{ inputs.${input} }}`,
    ]);
    expect(step?.env).toEqual(Object.fromEntries(expected));
  });

  test('takes every output from the scan', () => {
    for (const [name, { value }] of Object.entries(manifest.outputs))
      expect(value).toBe(`\${{ steps.scan.outputs.${name} }}`);
  });

  test('uploads only what the scan says, also after findings, not after a cancellation', () => {
    const conditionOf = (name: string): string | undefined =>
      manifest.runs.steps.find(({ uses = '' }) => uses.includes(name))?.if;
    expect(conditionOf('upload-sarif')).toBe("${{ !cancelled() && steps.scan.outputs.upload == 'true' }}");
    expect(conditionOf('upload-artifact')).toBe("${{ !cancelled() && steps.scan.outputs.keep == 'true' }}");
  });
});

describe.for(everything)('$file', ({ steps }) => {
  test('never puts an expression into a script', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  test('pins by commit what it uses', () => {
    for (const { uses } of steps) {
      if (uses === undefined || uses.startsWith('./')) continue;
      expect(uses).toMatch(/^(?:[\w./-]+@[0-9a-f]{40}|purgeproof\/purgeproof@<commit of the release>)$/);
    }
  });
});

describe.for([...workflows, ...documented])('the workflow $file', ({ workflow }) => {
  test('grants nothing by default, and each job what it needs', () => {
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) expect(job.permissions).toBeDefined();
  });

  test('ends some time, and does not run beside itself', () => {
    expect(workflow.concurrency).toHaveProperty('group');
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  test('leaves no token behind in the checkout', () => {
    for (const step of stepsOf(workflow).filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      expect(step.with).toMatchObject({ 'persist-credentials': false });
  });

  test('gives the action only inputs that it has', () => {
    const names = stepsOf(workflow)
      .filter(({ uses = '' }) => uses === './' || uses.startsWith('purgeproof/purgeproof@'))
      .flatMap((step) => Object.keys(step.with ?? {}));
    expect(names.filter((name) => !(name in manifest.inputs))).toEqual([]);
  });
});

describe('the documented step that makes a plan', () => {
  const script =
    documented.flatMap(({ workflow }) => stepsOf(workflow)).find(({ id }) => id === 'plan')?.run ?? '';

  /** Runs it with a program in the place of npx, and returns its exit code, its errors and its outputs. */
  function runWith(npx: string) {
    const home = mkdtempSync(join(tmpdir(), 'purgeproof-plan-step-'));
    writeFileSync(join(home, 'npx'), `#!/bin/sh\n${npx}\n`, { mode: 0o755 });
    const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-c', script], {
      cwd: home,
      encoding: 'utf8',
      env: {
        PATH: `${home}:${process.env['PATH'] ?? ''}`,
        GITHUB_STEP_SUMMARY: join(home, 'summary'),
        GITHUB_OUTPUT: join(home, 'outputs'),
        GITHUB_RUN_ATTEMPT: '2',
      },
    });
    const read = (file: string): string =>
      existsSync(join(home, file)) ? readFileSync(join(home, file), 'utf8') : '';
    const [summary, outputs] = [read('summary'), read('outputs')];
    rmSync(home, { recursive: true });
    return { status, stderr, summary, outputs };
  }

  test('hands on the number of steps of a plan', () => {
    const made = runWith(`echo '{"steps":[1,2]}' > plan.json; echo '# Plan' > plan.md; exit 1`);
    expect(made).toEqual({ status: 0, stderr: '', summary: '# Plan\n', outputs: 'attempt=2\nsteps=2\n' });
  });

  test('fails with the code of a plan that failed, and with no error besides', () => {
    expect(runWith('exit 2')).toEqual({ status: 2, stderr: '', summary: '', outputs: '' });
  });
});

test('every page that the documentation of the action links to exists', () => {
  const page = readFileSync(join(packageRoot, 'docs/github-action.md'), 'utf8');
  const links = Array.from(page.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(packageRoot, 'docs', link)))).toEqual([]);
});
