import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emulator, guidOf } from '../../emulator/index.ts';
import { actionTenant } from '../action/estate.ts';
import { declaredVault } from '../action/repository.ts';
import { run } from './run.ts';

const good = `/subscriptions/${guidOf('clean')}/resourceGroups/rg-platform/providers/Microsoft.KeyVault/vaults/kv-good`;
const sentence = 'Today enablePurgeProtection is true: this code would change that.';

/** A vault that is deployed and would lose its purge protection, and one that is not deployed. */
async function reportAs(format: string): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-show-deployed-'));
  writeFileSync(join(cwd, 'good.bicep'), declaredVault('good', ['enablePurgeProtection: false']));
  writeFileSync(join(cwd, 'new.bicep'), declaredVault('new'));
  const { credential, httpClient } = emulator(actionTenant(), { quota: 'unlimited' });
  const scope = ['--subscription', 'clean', '--subscription', 'faulty'];
  const argv = ['scan', '--source', '.', '--show-deployed', ...scope, '--no-config', '--output', format];
  const { stdout, code } = await run(argv, { cwd, azure: { credential, httpClient } });
  expect(code).toBe(1);
  return stdout;
}

test('SARIF has what is there today in messages, and the numbers of what is deployed', async () => {
  const [log] = JSON.parse(await reportAs('sarif')).runs;
  expect(log.results).toHaveLength(1);
  expect(log.results[0].message.text).toContain(sentence);
  const notes = log.invocations[0].toolExecutionNotifications;
  expect(notes.map(({ message }: { message: { text: string } }) => message.text)).toContain(
    'In Azure today: 1 deployed, 1 not deployed yet.',
  );
});

test('the full record has each declared resource', async () => {
  const [log] = JSON.parse(await reportAs('sarif-full')).runs;
  const states = log.properties.deployed.map(({ state, id }: { state: string; id?: string }) => [state, id]);
  expect(states).toEqual([
    ['deployed', good],
    ['notDeployed', undefined],
  ]);
});

test('CSV has it in columns of the finding, and a row for each declared resource', async () => {
  const rows = (await reportAs('csv')).split('\r\n');
  expect(rows.find((row) => row.startsWith('nonCompliant'))).toContain(`,${sentence},${good}`);
  expect(rows.filter((row) => /^(?:deployed|notDeployed),/.test(row))).toHaveLength(2);
});

test('JUnit has it in the text of the test, and the numbers as a property', async () => {
  const xml = await reportAs('junit');
  expect(xml).toContain(sentence);
  expect(xml).toContain('<property name="deployed" value="1 deployed, 1 not deployed yet"/>');
});

test('OCSF has it beside the finding, and the numbers in the line of the scan', async () => {
  const [scan, ...events] = (await reportAs('ocsf'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(scan.compliance.status_details).toContain('In Azure today: 1 deployed, 1 not deployed yet.');
  const failing = events.find((event) => event.compliance.status_code === 'nonCompliant');
  expect(failing.unmapped).toMatchObject({ today: sentence, deployed: 'deployed', deployed_uid: good });
});

test('HTML has it in the details of the finding, and a section', async () => {
  const page = await reportAs('html');
  expect(page).toContain(`<b>In Azure:</b> ${sentence}`);
  expect(page).toContain('<h2 id="deployed-heading">Deployed today</h2>');
  expect(page).toContain('Not deployed yet.');
});
