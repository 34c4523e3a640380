import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulator, type Emulator, startTlsProxy, type Tenant, type TlsProxy } from '../../emulator/index.ts';
import { defaultPrincipal } from '../../emulator/tenant.ts';
import type { DeletedList, DeletedObjectList } from '../../src/model/deleted-report.ts';
import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import { objectTypeNames } from '../../src/model/vault-plane.ts';
import { deletedDates, tenantWithObjects } from '../usecases/objects-estate.ts';
import { deletedHsm, deletedVault } from '../usecases/recycle-bin-estate.ts';
import { buildProgram } from './build-program.ts';

const version = spawnSync('az', ['version', '--output', 'json'], { encoding: 'utf8' });
const isInstalled = version.error === undefined && version.status === 0;

/** Deleted vaults and objects in fours: two of each are recovered, and two purged, by turns by `az` and by purgeproof. */
function tenant(): Tenant {
  const names = ['a', 'b', 'c', 'd', 'e'];
  return {
    ...tenantWithObjects({
      objects: [
        ...objectTypeNames.flatMap((type) =>
          names.map((name) => Object.assign({ type, name: `${type}-${name}` }, deletedDates)),
        ),
        { type: 'secret', name: 'live' },
      ],
    }),
    deleted: [
      ...names.map((name) => deletedVault(`kv-gone-${name}`)),
      deletedVault('kv-kept', { enablePurgeProtection: true }),
      deletedHsm('hsm-gone'),
    ],
  };
}

let folder: string;
let home: string;
let azure: Emulator;
let proxy: TlsProxy;

describe.skipIf(!isInstalled)(
  'beside the Azure CLI, which is on the PATH only where .ci/run could install it',
  () => {
    beforeAll(async () => {
      folder = buildProgram();
      home = mkdtempSync(join(tmpdir(), 'purgeproof-az-'));
      azure = emulator(tenant(), { quota: 'unlimited', recoverLooks: 0, purgePolls: 0 });
      proxy = await startTlsProxy(azure);
      const { clientId, clientSecret } = defaultPrincipal;
      await az(
        `login --service-principal -u ${clientId} -p ${clientSecret} --tenant ${azure.tenant.tenantId}`,
      );
    });
    afterAll(async () => {
      await proxy.close();
      for (const each of [folder, home]) rmSync(each, { recursive: true, force: true });
    });

    test('both see the same, before and after each of them recovers and purges', async () => {
      const before = await expectAgreement();
      expect(before.vaults).toHaveLength(7);
      expect(before.objects).toHaveLength(15);

      await az('keyvault recover --name kv-gone-a');
      await purgeproof('deleted recover kv-gone-b --yes');
      await az('keyvault purge --name kv-gone-c');
      await purgeproof('deleted purge kv-gone-d --confirm kv-gone-d');
      for (const type of objectTypeNames) {
        await az(`keyvault ${type} recover --vault-name kv-a --name ${type}-a`);
        await purgeproof(`deleted objects recover kv-a ${type}-b --type ${type} --yes`);
        await az(`keyvault ${type} purge --vault-name kv-a --name ${type}-c`);
        await purgeproof(
          `deleted objects purge kv-a ${type}-d --type ${type} --confirm ${type}-d --allow-dependants`,
        );
      }

      const after = await expectAgreement();
      expect(after.vaults.map(([name]) => name)).toEqual(['hsm-gone', 'kv-gone-e', 'kv-kept']);
      expect(after.objects.map(([, name]) => name)).toEqual(
        objectTypeNames.map((type) => `${type}-e`).toSorted(),
      );
      const { objects = [] } = azure.tenant.dataPlanes?.['kv-a'] ?? {};
      const live = objects.filter(({ deletedDate }) => deletedDate === undefined).map(({ name }) => name);
      expect(live.toSorted()).toEqual(
        [...objectTypeNames.flatMap((type) => [`${type}-a`, `${type}-b`]), 'live'].toSorted(),
      );
    });

    test('what the Azure CLI deletes is in the list', async () => {
      await az('keyvault secret delete --vault-name kv-a --name live');
      const { objects } = await expectAgreement();
      expect(objects.map(([, name]) => name)).toContain('live');
    });
  },
);

type Rows = readonly (readonly unknown[])[];

/** Lists everything with both, and returns what they agree on. */
async function expectAgreement(): Promise<{ readonly vaults: Rows; readonly objects: Rows }> {
  const vaults = (await list('keyvault list-deleted')).map(({ name, properties }) => {
    const { deletionDate, scheduledPurgeDate, purgeProtectionEnabled } = isJsonObject(properties)
      ? properties
      : {};
    return [name, inUtc(deletionDate), inUtc(scheduledPurgeDate), purgeProtectionEnabled === true];
  });
  const ours: DeletedList = JSON.parse(await purgeproof('deleted list --output json', 1));
  const mine = ours.deleted.map((one) => [
    one.name,
    one.deletionDate,
    one.scheduledPurgeDate,
    one.purgeProtection,
  ]);
  expect(inOrder(mine)).toEqual(inOrder(vaults));

  const objects: (readonly unknown[])[] = [];
  for (const type of objectTypeNames)
    for (const row of await list(`keyvault ${type} list-deleted --vault-name kv-a`)) {
      const { name, managed, attributes, deletedDate, scheduledPurgeDate } = row;
      const { recoveryLevel } = isJsonObject(attributes) ? attributes : {};
      // The hidden key and secret of a certificate, which we count once.
      if (managed !== true)
        objects.push([type, name, recoveryLevel, inUtc(deletedDate), inUtc(scheduledPurgeDate)]);
    }
  const seen: DeletedObjectList = JSON.parse(await purgeproof('deleted objects list kv-a --output json', 1));
  const listed = seen.objects.map((one) => [
    one.type,
    one.name,
    one.recoveryLevel,
    one.deletedDate,
    one.scheduledPurgeDate,
  ]);
  expect(inOrder(listed)).toEqual(inOrder(objects));
  return { vaults: inOrder(vaults), objects: inOrder(objects) };
}

/** The Azure CLI writes moments in UTC with an offset. */
function inUtc(date: unknown): unknown {
  return typeof date === 'string' ? date.replace(/\+00:00$/, 'Z') : date;
}

function inOrder(rows: Rows): Rows {
  return rows.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

async function list(command: string): Promise<readonly JsonObject[]> {
  const rows: readonly JsonObject[] = JSON.parse(await az(command));
  return rows;
}

async function az(command: string): Promise<string> {
  const { code, stdout, stderr } = await start(
    'az',
    [...command.split(' '), '--output', 'json', '--only-show-errors'],
    {
      AZURE_CONFIG_DIR: home,
      AZURE_CORE_COLLECT_TELEMETRY: 'false',
      AZURE_CORE_INSTANCE_DISCOVERY: 'false',
      REQUESTS_CA_BUNDLE: proxy.caFile,
    },
  );
  expect([stderr, code]).toEqual(['', 0]);
  return stdout;
}

async function purgeproof(command: string, expected = 0): Promise<string> {
  const bin = join(folder, 'dist/cli/bin.js');
  const { code, stdout, stderr } = await start(process.execPath, [bin, ...command.split(' '), '--quiet'], {
    NODE_EXTRA_CA_CERTS: proxy.caFile,
    AZURE_TENANT_ID: azure.tenant.tenantId,
    AZURE_CLIENT_ID: defaultPrincipal.clientId,
    AZURE_CLIENT_SECRET: defaultPrincipal.clientSecret,
  });
  expect([stderr, code]).toEqual(['', expected]);
  return stdout;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function start(
  program: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = spawn(program, argv, {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, HTTPS_PROXY: proxy.proxyUrl, ...env },
  });
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}
