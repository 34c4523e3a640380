import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Log } from 'sarif';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { packageRoot, run } from '../cli/run.ts';

let checkout = '';

beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'purgeproof-anchors-'));
  await mkdir(join(checkout, '.git'));
});

afterAll(() => rm(checkout, { recursive: true }));

/** Where the SARIF report shows the vaults of a case, and what the scan says on stderr. */
async function shown(name: string): Promise<{ readonly places: readonly string[]; readonly stderr: string }> {
  const cwd = join(checkout, name);
  await cp(join(packageRoot, 'test/fixtures/cases', name), cwd, { recursive: true });
  const scan = 'scan --inventory inventory.json --source-root code --rule AKV002 --output sarif';
  const { stdout, stderr } = await run(scan.split(' '), { cwd });
  const log: Log = JSON.parse(stdout);
  const locations = log.runs[0]?.results?.map((result) => result.locations?.[0]?.physicalLocation) ?? [];
  const places = locations.map(
    (location) =>
      `${location?.artifactLocation?.uri?.replace(`${name}/code/`, '')}:${location?.region?.startLine}`,
  );
  return { places, stderr };
}

test.for([
  ['F8-hcl-for-in-newline', 'main.tf:12'],
  ['F9-bicep-child-newline-if', 'main.bicep:3'],
  ['F10-azd-loadjsoncontent', 'main.bicep:4'],
  ['F11-tested-bicep', 'main.bicep:2'],
  ['F12-tested-tf', 'main.tf:2'],
  ['F13-bicep-module-output', 'vault.bicep:2'],
  ['F14-tf-module-output', 'main.tf:5'],
  ['F15-tf-json', 'main.tf.json:8'],
  ['F16-terragrunt', 'live/prod/terragrunt.hcl:6'],
  ['F18-bicep-user-function', 'main.bicep:3'],
  ['F19-bicep-import', 'main.bicep:3'],
  ['F20-count-import', 'main.tf:8'],
  ['F22-tofu', 'main.tofu:1'],
  ['F23-tf-heredoc-name', 'main.tf:12'],
  ['F24-azapi-type-from-local', 'main.tf:6'],
] as const)('%s is shown at %s', async ([name, place]) => {
  const { places, stderr } = await shown(name);
  expect(places).toEqual([place]);
  expect(stderr).not.toContain('skipped:');
});
