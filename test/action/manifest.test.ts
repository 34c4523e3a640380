import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { variableOf } from '../../src/action/inputs.ts';
import { packageRoot } from '../cli/run.ts';
import { manifest, type Step } from './step.ts';

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: unknown; readonly steps: readonly Step[] }>
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
      'subscriptions management-groups inventory policies config exemptions parameters fail-on allow-incomplete include source-root category cloud request-timeout sarif-file json-file markdown-file upload',
    );
    expect(Object.keys(manifest.outputs).join(' ')).toBe(
      'complete findings highest-severity sarif-file json-file exit-code',
    );
  });

  test('describes each input and output in sentences', () => {
    for (const { description } of [...Object.values(manifest.inputs), ...Object.values(manifest.outputs)])
      expect(description).toMatch(/^(?:\p{Lu}|true|0).{20,}\.?$/u);
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

  test('uploads only what the scan says is complete, also after findings, not after a cancellation', () => {
    const uploads = manifest.runs.steps.filter(({ uses }) => /upload/.test(uses ?? ''));
    expect(uploads).toHaveLength(2);
    for (const step of uploads)
      expect(step.if).toBe("${{ !cancelled() && steps.scan.outputs.upload == 'true' }}");
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

test('every page that the documentation of the action links to exists', () => {
  const page = readFileSync(join(packageRoot, 'docs/github-action.md'), 'utf8');
  const links = Array.from(page.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(packageRoot, 'docs', link)))).toEqual([]);
});
