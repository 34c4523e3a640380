import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Rule } from '../../src/model/rule.ts';
import { type AnchorFiles, fallbackAnchors, workflowFileIn } from '../../src/usecases/anchors.ts';
import { shippedRules } from '../shipped-rules.ts';

const builtIn = shippedRules(['AKV002']).map(({ rule }) => rule);
const own: readonly Rule[] = builtIn.map((rule) => ({
  ...rule,
  id: 'ORG001',
  builtIn: false,
  location: { file: 'rules/org.yaml', line: 3, column: 5 },
}));

const finding: Finding = {
  ruleId: '',
  ruleName: 'purge-protection',
  severity: 'high',
  compliance: 'nonCompliant',
  resource: { id: '', name: '', type: '', subscriptionId: '', resourceGroup: '', location: '' },
  message: '',
  evidence: [],
  fingerprint: '',
};

async function anchor(rules: readonly Rule[], inside: readonly string[], rest: Partial<AnchorFiles> = {}) {
  const anchors = await fallbackAnchors(rules, {
    inCheckout: async (file) => (inside.includes(file) ? file : undefined),
    configFile: 'purgeproof.yaml',
    workflowFile: '.github/workflows/scan.yml',
    written: [],
    ...rest,
  });
  return anchors({ ...finding, ruleId: rules[0]?.id ?? '' });
}

const everything = ['rules/org.yaml', 'purgeproof.yaml', '.github/workflows/scan.yml'];

describe('the anchor of last resort', () => {
  test.for<[string, readonly Rule[], readonly string[], string]>([
    ["the user's own rule file", own, everything, 'rules/org.yaml:3:5'],
    ['else the configuration file', own, everything.slice(1), 'purgeproof.yaml:1:1'],
    ['else the workflow file, checked out or not', own, [], '.github/workflows/scan.yml:1:1'],
    ['a built-in rule goes to the configuration file', builtIn, everything, 'purgeproof.yaml:1:1'],
  ])('%s', async ([, rules, inside, expected]) => {
    const { file, line, column } = await anchor(rules, inside);
    expect(`${file}:${line}:${column}`).toBe(expected);
  });

  test.for<[string, readonly Rule[], string]>([
    [
      "at the very last the built-in rule's path",
      builtIn,
      'policies/vaults/AKV002-purge-protection.yaml:2:5',
    ],
    ['a rule outside of the checkout is named by its id', own, 'policies/ORG001.yaml:1:1'],
  ])('without a workflow: %s', async ([, rules, expected]) => {
    const { file, line, column } = await anchor(rules, everything.slice(2), { written: everything.slice(2) });
    expect(`${file}:${line}:${column}`).toBe(expected);
  });

  test('is never a file that the scan writes', async () => {
    const { file } = await anchor(builtIn, everything, { written: ['purgeproof.yaml'] });
    expect(file).toBe('.github/workflows/scan.yml');
  });
});

test.for<[string | undefined, string | undefined]>([
  ['octo/repo/.github/workflows/scan.yml@refs/heads/main', '.github/workflows/scan.yml'],
  ['octo/repo/.github/workflows/a@b.yml@refs/heads/main', '.github/workflows/a@b.yml'],
  [undefined, undefined],
  ['', undefined],
])('GITHUB_WORKFLOW_REF %s names %s', ([ref, file]) => {
  expect(workflowFileIn(ref)).toBe(file);
});
