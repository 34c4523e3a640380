import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { emulator } from '../../emulator/index.ts';
import { shippedRules } from '../../src/files/shipped-rules.ts';
import { isJsonObject, type JsonObject, objectAt } from '../../src/model/json.ts';
import { formOfType } from '../../src/resource-types/form.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { managedHsm } from '../../src/resource-types/managed-hsm.ts';
import { vault } from '../../src/resource-types/vault.ts';
import { runs } from '../runs.ts';
import { readReport, run } from '../cli/run.ts';
import { tenantWith } from '../usecases/both-reads.ts';
import { generatedVaults, wordOf, type GeneratedVault, propertiesRead, shapes } from './generated-vaults.ts';
import {
  apiVersionOf,
  apiVersions,
  azapiPlanOf,
  deploymentPlanOf,
  azurermPlanOf,
  isCreated,
  templateOf,
} from './written-vaults.ts';

/*
 * One rule, one verdict, wherever the vault is read: each vault that is made up here goes through the program by every way
 * that there is, and each verdict is compared with that of a live scan which reads everything. Where a way by its nature
 * cannot say the same, the difference is a law below.
 */

/** The rules on vaults and managed HSMs that read nothing but their bodies: those that every way judges, one aside. */
const compared = ['AKV001', 'AKV002', 'AKV003', 'AKV004', 'AKV005', 'AKV006', 'AKV007', 'AKV101', 'AKV102'];
/** Azure fills in the connections of private endpoints: no code that declares a vault has them. */
const notDeclared = new Set(['AKV007']);
/** Rules about what is deleted, what is in vaults and who has rights: a part of a live scan reads it, and nothing else does. */
const ofParts = ['AKV201', 'AKV202', 'AKV301', 'AKV302', 'AKV401'];

const read = {
  [vault.type]: propertiesRead(
    shippedRules.filter(({ id }) => compared.includes(id)),
    vault.type,
  ),
  [managedHsm.type]: propertiesRead(
    shippedRules.filter(({ id }) => compared.includes(id)),
    managedHsm.type,
  ),
};

const [seed = 0] = fc.sample(fc.integer(), 1);
const odd = generatedVaults(read, { count: runs(1400), seed, from: 0 });
const plain = generatedVaults(read, {
  count: runs(1200),
  seed,
  from: odd.length,
  only: ['unset', 'null', 'wellFormed'],
  wanted: isSaidByAzurerm,
});
const vaults = [...odd, ...plain];

type Verdict = 'compliant' | 'nonCompliant' | 'unknown' | 'notApplicable';
/** Verdicts by the id of the rule and the name of the vault. */
type Verdicts = ReadonlyMap<string, Verdict>;

const keyOf = (ruleId: string, name: string): string => `${ruleId} ${name}`;

/** Runs a scan in the folder of the files, where Azure has all of the vaults. */
async function scan(argv: readonly string[]): Promise<ScanReport> {
  const tenant = tenantWith(vaults.map(({ body }) => body));
  const { credential, httpClient } = emulator(tenant, { quota: 'unlimited' });
  const { stdout, stderr, code } = await run(
    ['scan', '--no-config', '--quiet', '--output', 'json', ...argv],
    { cwd: folder, azure: { credential, httpClient } },
  );
  expect({ stderr, code }).toEqual({ stderr: '', code: expect.toBeOneOf([1, 3]) });
  return readReport(stdout);
}

function verdictsIn({ findings }: ScanReport): Verdicts {
  return new Map(
    findings.map(({ ruleId, resource, compliance }) => {
      if (compliance === 'exempt') throw new Error('nothing was exempted');
      return [keyOf(ruleId.replace(/^purgeproof-akv/, 'AKV'), resource.name), compliance];
    }),
  );
}

function typeOfRule(ruleId: string): string {
  return shippedRules.find(({ id }) => id === ruleId)?.resourceTypes[0] ?? '';
}

/** A verdict that a report which lists all of them does not list: the rule leaves the vault out. */
function verdictIn(verdicts: Verdicts, ruleId: string, name: string): Verdict {
  return verdicts.get(keyOf(ruleId, name)) ?? 'notApplicable';
}

let folder = '';
const saidByTemplate = vaults.filter(isSaidByTemplate);
const refused = vaults.filter((made) => !isSaidByTemplate(made));
const files = {
  'inventory.json': JSON.stringify(vaults.map(({ body }) => body)),
  'without-rbac.json': JSON.stringify(vaults.map(({ body }) => withoutRbac(body))),
  'template.json': templateOf(saidByTemplate),
  'azapi.json': azapiPlanOf(vaults),
  'azurerm.json': azurermPlanOf(plain),
  'deployments.json': deploymentPlanOf(saidByTemplate),
};

/** The same vault with access policies in force. */
function withoutRbac(body: GeneratedVault['body']): JsonObject {
  const { properties } = body;
  if (!isJsonObject(properties)) return body;
  const others = Object.entries(properties).filter(
    ([key]) => key.toLowerCase() !== 'enablerbacauthorization',
  );
  return { ...body, properties: { ...Object.fromEntries(others), enableRbacAuthorization: false } };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'purgeproof-equivalence-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const exported = await run(['rules', 'export', '--to', 'azure-policy', ...compared]);
  if (exported.code !== 0) throw new Error(exported.stderr);
  writeFileSync(join(folder, 'definitions.json'), exported.stdout);
});

/** A verdict of the live scan, and what the laws ask of it. */
interface Judged {
  readonly live: Verdict;
  readonly rule: string;
  readonly made: GeneratedVault;
  /** The verdict on the same vault if access policies were in force. */
  readonly withoutRbac: Verdict;
}

/** The vaults and rules that a way judges, and the verdict that it has to give. */
interface Way {
  readonly argv: readonly string[];
  readonly vaults: readonly GeneratedVault[];
  readonly rules: readonly string[];
  readonly law: (judged: Judged) => Verdict;
}

const same: Way['law'] = ({ live }) => live;
const declared = compared.filter((id) => !notDeclared.has(id));
const definitions = ['--no-default-policies', '--policies', 'definitions.json'];
const named = compared.flatMap((id) => ['--rule', id]);

const ways: Readonly<Record<string, Way>> = {
  'an inventory': { argv: [...named, '--inventory', 'inventory.json'], vaults, rules: compared, law: same },
  'an ARM template': {
    argv: [...named, '--template', 'template.json'],
    vaults: saidByTemplate,
    rules: declared,
    law: declaredLaw,
  },
  'a plan of azapi': {
    argv: [...named, '--terraform', 'azapi.json'],
    vaults,
    rules: declared,
    law: declaredLaw,
  },
  'templates in a plan': {
    argv: [...named, '--terraform', 'deployments.json'],
    vaults: saidByTemplate,
    rules: declared,
    law: declaredLaw,
  },
  'a plan of azurerm': {
    argv: [...named, '--terraform', 'azurerm.json'],
    vaults: plain,
    rules: declared,
    law: azurermLaw,
  },
  'exported definitions, live': { argv: definitions, vaults, rules: compared, law: policyLaw },
  'exported definitions, an inventory': {
    argv: [...definitions, '--inventory', 'inventory.json'],
    vaults,
    rules: compared,
    law: policyLaw,
  },
};

/**
 * ARM knows names in any letter case, and takes an object alone for the properties of a resource: a template that has a name twice,
 * or properties of another kind, is refused.
 */
function isSaidByTemplate({ body, shapes: written }: GeneratedVault): boolean {
  const { properties } = body;
  return ![...written.values()].includes('twice') && (properties === undefined || isJsonObject(properties));
}

function isRecovered({ body }: GeneratedVault): boolean {
  return wordOf(objectAt(body, 'properties')['createMode']) === 'recover';
}

function isUnset({ shapes: written }: GeneratedVault, name: string): boolean {
  return ['unset', 'null'].includes(written.get(name) ?? '');
}

/**
 * Code declares what will be there. A vault that is recovered keeps what it had, whatever is written, and from an API version on
 * Azure itself decides about RBAC where nothing is written: whether access policies are in force is not known then.
 */
function declaredLaw({ live, rule, made }: Judged): Verdict {
  if (isRecovered(made)) return 'unknown';
  const isLeftToAzure = apiVersionOf(made) === apiVersions.new && isUnset(made, 'enableRbacAuthorization');
  return isLeftToAzure && ['AKV004', 'AKV005'].includes(rule) ? 'unknown' : live;
}

/**
 * Of a vault that is there azurerm does not know whether soft delete is off; one that it creates has it on. The plan of a new vault
 * leaves to Azure what is not written. Nothing passes that fails live.
 */
function azurermLaw({ live, rule, made }: Judged): Verdict {
  if (rule === 'AKV001') return isCreated(made) ? 'compliant' : 'unknown';
  if (!isCreated(made)) return live;
  if (rule === 'AKV006' && isUnset(made, 'networkAcls') && live === 'nonCompliant') return 'unknown';
  if (rule === 'AKV005' && isUnset(made, 'accessPolicies') && live === 'compliant') return 'unknown';
  return live;
}

/**
 * To Azure Policy a vault that a condition leaves out complies, so what is not known about that condition does not matter where the
 * vault complies either way. A vault that is being recovered is left alone.
 */
function policyLaw({ live, rule, made, withoutRbac: ifInForce }: Judged): Verdict {
  if (isRecovered(made)) return 'notApplicable';
  if (live === 'notApplicable') return 'compliant';
  return rule === 'AKV005' && live === 'unknown' && ifInForce === 'compliant' ? 'compliant' : live;
}

/** True for a vault that arguments of azurerm can declare, so that the same is in force. */
function isSaidByAzurerm({ body }: GeneratedVault): boolean {
  const { networkAcls, publicNetworkAccess, createMode, enableSoftDelete } = objectAt(body, 'properties');
  return (
    createMode === undefined &&
    wordOf(enableSoftDelete) !== 'false' &&
    ['enabled', 'disabled'].includes(wordOf(publicNetworkAccess ?? 'enabled')) &&
    (!isJsonObject(networkAcls) || ['allow', 'deny'].includes(wordOf(networkAcls['defaultAction'])))
  );
}

describe('the vaults', () => {
  test('have every shape of every property that a rule reads', () => {
    for (const type of [vault.type, managedHsm.type]) {
      const own = odd.filter(({ body }) => body.type === type);
      for (const name of read[type] ?? []) {
        const found = new Set(own.map(({ shapes: written }) => written.get(name)));
        const hasParts = ['array', 'object'].includes(
          formOfType(type)?.parts.get('properties')?.parts.get(name)?.type ?? '',
        );
        const wanted = shapes.filter((shape) => hasParts || shape !== 'malformedInside');
        expect({ name, missing: wanted.filter((shape) => !found.has(shape)), seed }).toEqual({
          name,
          missing: [],
          seed,
        });
      }
      expect(own.some(({ shapes: written }) => written.has('properties'))).toBe(true);
    }
  });

  test('every shipped rule is compared, or is about what a part of a live scan alone reads', () => {
    expect(shippedRules.map(({ id }) => id).toSorted()).toEqual([...compared, ...ofParts].toSorted());
  });
});

const parameters: readonly (readonly [string, readonly string[]])[] = [
  ['the default parameters', []],
  ['other parameters', ['--param', 'minimumRetentionDays=30', '--param', 'treatUnsetAs=nonCompliant']],
];

describe.for(parameters)('with %s', ([, values]) => {
  let live: ScanReport;
  let liveVerdicts: Verdicts;
  let ifInForce: Verdicts;

  beforeAll(async () => {
    live = await scan([...named, ...values, '--include-compliant']);
    liveVerdicts = verdictsIn(live);
    ifInForce = verdictsIn(
      await scan([...named, ...values, '--inventory', 'without-rbac.json', '--include-compliant']),
    );
  });

  test('a live scan gives every verdict of every rule', () => {
    for (const rule of compared) {
      const own = vaults.filter(({ body }) => body.type === typeOfRule(rule));
      const found = new Set(own.map(({ body }) => verdictIn(liveVerdicts, rule, body.name)));
      const wanted = [
        'compliant',
        'nonCompliant',
        'unknown',
        ...(rule === 'AKV005' ? ['notApplicable'] : []),
      ];
      expect([rule, [...found].toSorted()]).toEqual([rule, wanted.toSorted()]);
    }
    expect(live.summary.resources).toBe(vaults.length);
  });

  test('pushed down, the report is the same', async () => {
    const pushed = await scan([...named, ...values]);
    const listed = ({ findings }: ScanReport): readonly string[] =>
      findings
        .filter(({ compliance }) => compliance !== 'compliant')
        .map((finding) => JSON.stringify(finding));
    const [wanted, got] = [new Set(listed(live)), new Set(listed(pushed))];
    expect([...got].filter((finding) => !wanted.has(finding)).slice(0, 3)).toEqual([]);
    expect([...wanted].filter((finding) => !got.has(finding)).slice(0, 3)).toEqual([]);
    expect(pushed.summary).toEqual(live.summary);
  });

  test.for(Object.entries(ways))('%s', async ([, way]) => {
    const report = await scan([...way.argv, ...values, '--include-compliant']);
    const found = verdictsIn(report);
    const differences: object[] = [];
    const judged = new Map<string, number>();
    for (const made of way.vaults) {
      const { name, type } = made.body;
      for (const rule of way.rules.filter((id) => typeOfRule(id) === type)) {
        const live = verdictIn(liveVerdicts, rule, name);
        const wanted = way.law({ live, rule, made, withoutRbac: verdictIn(ifInForce, rule, name) });
        const got = verdictIn(found, rule, name);
        if (got !== wanted) differences.push({ rule, live, wanted, got, body: JSON.stringify(made.body) });
        judged.set(rule, (judged.get(rule) ?? 0) + 1);
      }
    }
    expect({ differences: differences.slice(0, 5), seed }).toEqual({ differences: [], seed });
    expect(report.summary.resources).toBe(way.vaults.length);
    expect(way.vaults.length).toBeGreaterThanOrEqual(1000);
    expect([...judged.keys()].toSorted()).toEqual(way.rules);
    for (const count of judged.values()) expect(count).toBeGreaterThanOrEqual(200);
    const left = report.rules.filter(({ notJudged }) => notJudged !== undefined).map(({ id }) => id);
    expect(left).toEqual(compared.filter((id) => !way.rules.includes(id)));
  });
});

test('a template that cannot say what a vault is, is refused, with each place', async () => {
  expect(refused.length).toBeGreaterThan(50);
  for (const made of refused.slice(0, 50)) {
    writeFileSync(join(folder, 'refused.json'), templateOf([made]));
    const argv = ['scan', '--no-config', '--template', 'refused.json'];
    const { code, stdout, stderr } = await run(argv, { cwd: folder });
    expect([code, stdout]).toEqual([2, '']);
    const places = stderr.match(
      /^refused\.json:\d+:\d+ {2}(?:the key "\w+" is repeated|properties must be)/gm,
    );
    const faults = [...made.shapes].filter(([name, shape]) => shape === 'twice' || name === 'properties');
    expect([made.body, places?.length]).toEqual([made.body, faults.length]);
  }
});
