import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ApplyReport } from '../../src/model/apply.ts';
import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planLock } from '../../src/files/apply/file-lock.ts';
import type { Setting } from '../cli/run.ts';
import { holdRequests } from '../held-requests.ts';
import { caseStage, type CaseStage, subscription } from './answers.ts';

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'purgeproof-locks-'));
});

const apply = 'apply plan.json --allow irreversible --yes';
const refusal = { code: 2, stderr: expect.stringContaining('Another apply of this plan is running.') };

async function planned(): Promise<CaseStage> {
  const stage = caseStage('B8-two-applies');
  expect(await stage.purgeproof('plan --rule AKV002 --out plan.json')).toMatchObject({ code: 1 });
  return stage;
}

describe('one plan is applied by one process at a time', () => {
  test.for<[string, (cwd: string) => string, Setting?]>([
    ['another journal (case B8)', () => 'plan.json'],
    [
      'a copy of it in another folder',
      (cwd) => {
        mkdirSync(join(cwd, 'copies'));
        copyFileSync(join(cwd, 'plan.json'), join(cwd, 'copies/mine.json'));
        return 'copies/mine.json';
      },
    ],
    [
      'a link to it',
      (cwd) => {
        symlinkSync(join(cwd, 'plan.json'), join(cwd, 'link.json'));
        return 'link.json';
      },
    ],
    [
      'another temporary folder, as in a second container',
      () => 'plan.json',
      { temporary: mkdtempSync(join(tmpdir(), 'purgeproof-other-')) },
    ],
  ])('with %s, the second is refused while the first runs', async ([, second, setting]) => {
    const stage = await planned();
    const held = holdRequests(stage.azure, { method: 'PATCH' });
    const first = stage.purgeproof(`${apply} --journal j1`);
    await held.reached(first);
    const file = second(stage.cwd);
    const refused = await stage.purgeproof(`${apply.replace('plan.json', file)} --journal j2`, setting);
    expect(refused).toMatchObject(refusal);
    expect(existsSync(join(stage.cwd, 'j2'))).toBe(false);
    held.release();
    expect(await first).toMatchObject({ code: 0 });
    expect(stage.count('PATCH')).toBe(1);
    expect(readdirSync(stage.cwd).filter((name) => name.includes('.lock'))).toEqual([]);
    expect(await stage.purgeproof(`${apply} --journal j3`)).toMatchObject({ code: 0 });
  });

  test('a dry run is not kept out', async () => {
    const stage = await planned();
    const held = holdRequests(stage.azure, { method: 'PATCH' });
    const first = stage.purgeproof(apply);
    await held.reached(first);
    expect(
      await stage.purgeproof('apply plan.json --allow irreversible --dry-run --journal j2'),
    ).toMatchObject({ code: 0 });
    held.release();
    await first;
  });

  test.for<[string, JsonObject, number, string]>([
    ['a dead process on this machine', { pid: 2 ** 30, host: hostname() }, 0, ''],
    ['a process on another machine', { pid: 2 ** 30, host: 'elsewhere' }, 2, 'plan.json.lock'],
    ['a process that runs', { pid: process.pid, host: hostname() }, 2, 'plan.json.lock'],
  ])('a lock of %s', async ([, holder, code, words]) => {
    const stage = await planned();
    writeFileSync(join(stage.cwd, 'plan.json.lock'), JSON.stringify(holder));
    expect(await stage.purgeproof(apply)).toMatchObject({ code, stderr: expect.stringContaining(words) });
  });

  test('a refusal leaves no lock behind', async () => {
    const stage = await planned();
    expect(await stage.purgeproof(`${apply} --journal no/where`)).toMatchObject({ code: 2 });
    expect(await stage.purgeproof(apply)).toMatchObject({ code: 0 });
  });
});

describe('where a lock cannot be written', () => {
  const { uid } = userInfo();

  test('the other place is enough', async () => {
    const file = join(temporary, 'missing/plan.json');
    const release = await planLock({ file, hash: 'h', temporary }).acquire();
    await expect(planLock({ file, hash: 'h', temporary }).acquire()).rejects.toThrow('Another apply');
    await release();
    expect(readdirSync(join(temporary, `purgeproof-${uid}`))).toEqual([]);
  });

  test('a folder in its place that is not our own is not used', async () => {
    writeFileSync(join(temporary, `purgeproof-${uid}`), '');
    const file = join(temporary, 'plan.json');
    writeFileSync(file, '{}');
    const release = await planLock({ file, hash: 'h', temporary }).acquire();
    expect(existsSync(`${file}.lock`)).toBe(true);
    await release();
    const nowhere = planLock({ file: join(temporary, 'missing/p.json'), hash: 'h', temporary });
    await expect(nowhere.acquire()).rejects.toThrow('The plan cannot be locked');
  });
});

const network = 'plan.json --allow disruptive --yes --output json';
const added = { value: '203.0.113.9/32' };

/** Somebody else admits an address. */
function admitAddress(stage: CaseStage): void {
  const { resources } = stage.azure.tenant;
  if (!Array.isArray(resources)) return;
  const [body] = resources;
  const properties = body?.['properties'];
  const acls = isJsonObject(properties) ? properties['networkAcls'] : undefined;
  if (!isJsonObject(properties) || !isJsonObject(acls) || !Array.isArray(acls['ipRules'])) return;
  const networkAcls = { ...acls, ipRules: [...acls['ipRules'], added] };
  resources[0] = { ...body, properties: { ...properties, networkAcls } };
}

async function plannedNetwork(): Promise<CaseStage & { readonly plan: Plan }> {
  const stage = caseStage('B9-lost-update');
  const { stdout } = await stage.purgeproof('plan --rule AKV006 --allow disruptive --output json');
  await stage.purgeproof('plan --rule AKV006 --allow disruptive --out plan.json');
  return { ...stage, plan: JSON.parse(stdout) };
}

describe('a property that is sent whole (case B9)', () => {
  test('says so in the plan', async () => {
    const { plan } = await plannedNetwork();
    expect(plan.steps[0]?.consequences.join('\n')).toMatch(/networkAcls is sent whole: .* is lost\./);
  });

  test('is not sent over what somebody else changed a moment before', async () => {
    const stage = await plannedNetwork();
    const reads = stage.count('GET', /\/vaults\/kv-net$/);
    // The second read of apply is the one right before the write.
    stage.azure.inject({
      kind: 'hook',
      match: { method: 'GET', path: /\/vaults\/kv-net$/, nth: 2 },
      run: () => admitAddress(stage),
    });
    const { code, stdout } = await stage.purgeproof(`apply ${network}`);
    const report: ApplyReport = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(report.results).toMatchObject([{ outcome: 'drifted', sent: false }]);
    expect(report.results[0]?.cause).toContain('networkAcls');
    expect(stage.count('PATCH')).toBe(0);
    expect(stage.count('GET', /\/vaults\/kv-net$/) - reads).toBe(2);
    expect(JSON.stringify(stage.azure.tenant.resources)).toContain(added.value);
    // Nothing was sent, and the journal says so: the next run finds plain drift, and no request that may have worked.
    const again: ApplyReport = JSON.parse((await stage.purgeproof(`apply ${network}`)).stdout);
    expect(again.results).toMatchObject([{ outcome: 'drifted', sent: false }]);
    const { stdout: journal } = await stage.purgeproof('journal show plan.journal.ndjson');
    expect(journal).toContain('drifted');
  });

  test('is sent after a read right before it', async () => {
    const stage = await plannedNetwork();
    expect(await stage.purgeproof(`apply ${network}`)).toMatchObject({ code: 0 });
    const vault = stage.azure.requests.filter(({ path }) => path.endsWith('/vaults/kv-net'));
    const patch = vault.findIndex(({ method }) => method === 'PATCH');
    expect(vault.slice(patch - 2, patch + 2).map(({ method }) => method)).toEqual([
      'GET',
      'GET',
      'PATCH',
      'GET',
    ]);
  });

  test.for([503, 429])('survives %i at that read', async (status) => {
    const stage = await plannedNetwork();
    stage.azure.inject({
      kind: 'status',
      status,
      match: { method: 'GET', path: /\/vaults\/kv-net$/, nth: 2 },
    });
    expect(await stage.purgeproof(`apply ${network}`)).toMatchObject({ code: 0 });
  });

  test('a single value is not read twice', async () => {
    const stage = await planned();
    const before = stage.count('GET', /\/vaults\/kv-a$/);
    await stage.purgeproof(apply);
    expect(stage.count('GET', /\/vaults\/kv-a$/) - before).toBe(2);
  });
});

describe('switching the permission model (AKV004)', () => {
  const action = 'Microsoft.Authorization/roleAssignments/write';

  async function plannedModel(mayAssign: boolean): Promise<CaseStage & { readonly plan: Plan }> {
    const stage = caseStage('B9-lost-update');
    const { tenant } = stage.azure;
    if (!Array.isArray(tenant.resources)) throw new TypeError('the vaults of a case are a list');
    const [body] = tenant.resources;
    tenant.resources[0] = {
      ...body,
      properties: { ...Object(body?.['properties']), enableRbacAuthorization: false },
    };
    if (!mayAssign) tenant.missingRights = [{ action, scope: `/subscriptions/${subscription}` }];
    const { stdout } = await stage.purgeproof('plan --rule AKV004 --allow disruptive --output json');
    await stage.purgeproof('plan --rule AKV004 --allow disruptive --out plan.json');
    return { ...stage, plan: JSON.parse(stdout) };
  }

  test('takes the right to assign roles, as the plan says', async () => {
    const stage = await plannedModel(true);
    const [step] = stage.plan.steps;
    expect(step?.consequences.join('\n')).toContain(`${action}, without a condition`);
    expect(step?.preconditions).toEqual([]);
    expect(await stage.purgeproof(`apply ${network}`)).toMatchObject({ code: 0 });
  });

  test('is refused to whoever may write the vault only, as the plan says', async () => {
    const stage = await plannedModel(false);
    const [precondition] = stage.plan.steps[0]?.preconditions ?? [];
    expect(precondition?.kind).toBe('missingPermission');
    expect(precondition?.message).toMatch(/roleAssignments\/write .* switching its permission model/);
    const { code, stdout } = await stage.purgeproof(`apply ${network}`);
    expect(code).toBe(1);
    expect(stdout).toContain('Caller is not allowed to change permission model');
    expect(stdout).toContain(`${action} granted on`);
  });
});
