import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { type Outcome, packageRoot, readReport, run } from '../cli/run.ts';

const cases = join(packageRoot, 'test/fixtures/cases');

interface Scanned extends Outcome {
  /** Absent where the scan was refused. */
  readonly report: ScanReport | undefined;
}

/** Scans a file of a case, or what is given as standard input. */
async function scan(
  inventory: string | Uint8Array | JsonObject[],
  flags: readonly string[] = [],
): Promise<Scanned> {
  const isFile = typeof inventory === 'string' && inventory.startsWith('C');
  const given = Array.isArray(inventory) ? JSON.stringify(inventory) : inventory;
  const argv = ['scan', '--inventory', isFile ? inventory : '-', '--output', 'json', ...flags];
  const outcome = await run(argv, { cwd: cases, ...(isFile ? {} : { stdin: given }) });
  return { ...outcome, report: outcome.code === 2 ? undefined : readReport(outcome.stdout) };
}

/** A vault that meets every rule; `change` replaces parts of its row. */
function vault(name: string, properties: JsonObject = {}, change: JsonObject = {}): JsonObject {
  const subscriptionId = 'aaaaaaaa-0000-4000-8000-000000000001';
  const type = 'Microsoft.KeyVault/vaults';
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/rg-ops/providers/${type}/${name}`,
    name,
    type,
    location: 'westeurope',
    properties: {
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
      enableRbacAuthorization: true,
      publicNetworkAccess: 'Disabled',
      privateEndpointConnections: [
        { id: 'pe', properties: { privateLinkServiceConnectionState: { status: 'Approved' } } },
      ],
      ...properties,
    },
    ...change,
  };
}

function vaults(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, index) => vault(`kv-${index}`));
}

describe('C1: a bare list that ends where a page ends', () => {
  test.for([
    [99, 0],
    [100, 3],
    [101, 0],
    [999, 0],
    [1000, 3],
    [1001, 0],
  ] as const)('of %i rows: exit %i', async ([rows, code]) => {
    const { code: exit, report } = await scan(vaults(rows));
    expect(exit).toBe(code);
    expect(report?.unreadable.map(({ hint }) => hint.includes('--inventory-complete'))).toEqual(
      code === 3 ? [true] : [],
    );
  });

  test.for([
    ['one row a line', (rows: JsonObject[]) => rows.map((row) => JSON.stringify(row)).join('\n'), 3],
    ['as PowerShell 5.1 wraps it', (rows: JsonObject[]) => JSON.stringify({ value: rows, Count: 100 }), 3],
    ['with its data alone', (rows: JsonObject[]) => JSON.stringify({ data: rows }), 3],
    [
      'with the count of the page alone',
      (rows: JsonObject[]) => JSON.stringify({ count: 100, data: rows }),
      3,
    ],
    [
      'after another list',
      (rows: JsonObject[]) => `[${JSON.stringify(vault('kv-first'))}]${JSON.stringify(rows)}`,
      3,
    ],
    [
      'before another list',
      (rows: JsonObject[]) => `${JSON.stringify(rows)}[${JSON.stringify(vault('kv-last'))}]`,
      0,
    ],
    ['with its total', (rows: JsonObject[]) => JSON.stringify({ data: rows, total_records: 100 }), 0],
    ['with an empty token', (rows: JsonObject[]) => JSON.stringify({ Data: rows, SkipToken: null }), 0],
    ['as ARM lists', (rows: JsonObject[]) => JSON.stringify({ value: rows }), 0],
  ] as const)('100 rows %s', async ([, write, code]) => {
    expect((await scan(write(vaults(100)))).code).toBe(code);
  });

  test('the user may say that it is whole, by a flag', async () => {
    expect((await scan(vaults(100), ['--inventory-complete'])).code).toBe(0);
    const announced = JSON.stringify({ data: vaults(100), skip_token: 'x' });
    expect((await scan(announced, ['--inventory-complete'])).code).toBe(3);
  });

  test('which means nothing without an inventory', async () => {
    const { code, stderr } = await run(['scan', '--inventory-complete'], { cwd: cases });
    expect([code, stderr]).toEqual([2, expect.stringContaining('says that an inventory is whole')]);
  });
});

describe('C2: what holds a vault is not passed over', () => {
  test('a wrapper with an id is read', async () => {
    const { report } = await scan('C2-wrapper-with-an-id/inventory.json');
    expect(report?.findings.map(({ ruleId, resource }) => [ruleId, resource.name])).toEqual([
      ['AKV002', 'kv-a'],
    ]);
  });

  const wrapper = { id: '/queries/q1', name: 'q1', type: 'list' };
  test.for([
    ['another name for the list', { ...wrapper, items: [vault('kv-a')] }, 'items[0]'],
    [
      'a list in an object',
      { ...wrapper, properties: { result: { rows: [vault('kv-a')] } } },
      'properties.result.rows[0]',
    ],
    ['a vault by itself', { ...wrapper, resource: vault('kv-a') }, 'resource'],
  ] as const)('%s is refused, and pointed at', async ([, row, place]) => {
    const { code, stderr } = await scan([vault('kv-b'), row]);
    expect(code).toBe(2);
    expect(stderr).toContain(`holds a vault or managed HSM at ${place}`);
  });

  test('a vault that happens to hold a list is a row itself', async () => {
    const { report } = await scan(JSON.stringify({ ...vault('kv-a'), value: [vault('kv-b')] }));
    expect(report?.summary.resources).toBe(2);
  });
});

describe('C6: a sequence of documents is read', () => {
  test.for(['all', 'shows', 'arrays'])('%s.json', async (name) => {
    const { report, code } = await scan(`C6-appended-documents/${name}.json`);
    expect([code, report?.complete, report?.summary.resources]).toEqual([1, true, 2]);
  });

  const [one, two] = [JSON.stringify(vault('kv-a')), JSON.stringify(vault('kv-b'), null, 2)];
  test.for([
    ['without anything between them', `${one}${two}`],
    ['with a byte order mark before each', `\uFEFF${one}\n\uFEFF${two}`],
    ['with the separators of RFC 7464', `\u001E${one}\n\u001E${two}\n`],
    ['one on a line, one on several', `${one}\n${two}`],
    [
      'with brackets and quotes in their texts',
      `${one}\n${JSON.stringify(vault('kv-b', {}, { tags: { a: '}]"\\' } }))}`,
    ],
  ] as const)('%s', async ([, text]) => {
    expect((await scan(text)).report?.summary.resources).toBe(2);
  });

  test('a fault is told at its line and column', async () => {
    expect((await scan(`${two}\n{"id": x}\n`)).stderr).toMatch(
      /^error: standard input:\d\d:8 {2}this is not JSON/,
    );
    expect((await scan(`${one}\n{"id": \n${one}`)).stderr).toContain(
      'standard input:2:8  the JSON ends too early',
    );
  });

  test('the last page decides whether more was announced', async () => {
    const page = (rows: JsonObject[], skip_token: string | null) =>
      JSON.stringify({ data: rows, skip_token });
    expect((await scan(`${page([vault('kv-a')], 'x')}\n${page([vault('kv-b')], null)}`)).code).toBe(0);
    expect((await scan(`${page([vault('kv-a')], 'x')}\n${page([vault('kv-b')], 'y')}`)).code).toBe(3);
  });
});

describe('C10: what ConvertTo-Json cut off is told', () => {
  test.for(['array', 'single', 'response'])('%s.json', async (name) => {
    const { code, report } = await scan(`C10-cut-off-properties/${name}.json`);
    expect(code).toBe(3);
    expect(report?.unreadable).toMatchObject([
      {
        reason: expect.stringContaining('ConvertTo-Json cut off'),
        hint: expect.stringContaining('-Depth 100'),
      },
    ]);
  });

  test.for([
    ['rows', JSON.stringify({ Data: ['@{id=/subscriptions/x; name=kv-a}'] })],
    ['a list of rows', JSON.stringify({ Data: 'System.Object[]', SkipToken: null })],
    ['a list in a list', JSON.stringify([['@{id=x}']])],
  ] as const)('%s', async ([, text]) => {
    const { code, stderr } = await scan(text);
    expect([code, stderr]).toEqual([2, expect.stringContaining('-Depth 100')]);
  });
});

describe('C11: JSON in text is parsed', () => {
  test('properties', async () => {
    const { code, report } = await scan('C11-properties-as-text/inventory.json');
    expect([code, report?.findings.map(({ ruleId }) => ruleId)]).toEqual([1, ['AKV002']]);
  });

  const text = JSON.stringify(vault('x')['properties']);
  test.for([
    ['in another spelling', { properties: undefined, Properties: text }, 0],
    ['with a key that is repeated', { properties: text.replace('{', '{"enableSoftDelete":false,') }, 3],
    ['that is cut off', { properties: text.slice(0, 40) }, 3],
    ['of tags', { tags: '{"env":"prod"}' }, 0],
  ] as const)('%s', async ([, change, code]) => {
    expect((await scan([vault('kv-a', {}, change)])).code).toBe(code);
  });
});

describe('what is no inventory is named, with the command that makes one', () => {
  test.for([
    ['C13-get-azkeyvault/list.json', 'output of Get-AzKeyVault'],
    ['C13-get-azkeyvault/show.json', 'output of Get-AzKeyVault'],
    ['C14-not-json/portal.csv', 'CSV'],
    ['C14-not-json/raw.csv', 'CSV'],
    ['C14-not-json/table.txt', '--output table'],
    ['C14-not-json/vaults.yaml', '--output yaml'],
    ['C14-not-json/vaults.tsv', '--output tsv'],
    ['C14-not-json/colour.txt', '--output jsonc'],
    ['C14-not-json/warning.txt', 'text before the JSON'],
    ['C14-not-json/error.txt', "ERROR: Please run 'az login'"],
    ['C15-export-template/template.json', 'an ARM template'],
    ['C17-projected-columns/count.json', 'has no "id", only Count'],
  ] as const)('%s', async ([file, what]) => {
    const { code, stderr } = await scan(file);
    expect(code).toBe(2);
    expect(stderr).toContain(what);
    expect(stderr).toMatch(/az graph query|Search-AzGraph|2>&1/);
  });

  const subscriptions = [{ id: 'aaaaaaaa', isDefault: true, name: 'Payments', tenantId: 't', user: {} }];
  test.for([
    ['CSV with semicolons', 'NAME;TYPE\nkv-a;Key vault\n', 'CSV'],
    [
      'a table of PowerShell',
      '\nVault Name  Location\n----------  --------\nkv-a        westeurope\n',
      'a table',
    ],
    ['a list of PowerShell', '\nVault Name : kv-a\nLocation   : westeurope\n', 'Format-List'],
    ['a YAML list', '- id: /subscriptions/x\n  name: kv-a\n', '--output yaml'],
    [
      'a warning after the JSON',
      `${JSON.stringify([vault('kv-a')], null, 2)}\nWARNING: deprecated\n`,
      'text after it',
    ],
    [
      'an error after a warning',
      'WARNING: preview\nERROR: (AuthorizationFailed) no\n',
      'ERROR: (AuthorizationFailed)',
    ],
    ['a command that is missing', 'bash: az: command not found\n', 'command not found'],
    ['a page of a proxy', '<!DOCTYPE html>\n<html>', 'a web page'],
    ['a literal of Python', "[{'id': None}]", 'single quotes'],
    ['code', "resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {\n}", 'Bicep'],
    ['an answer as text', '{"StatusCode":200,"Content":"{}"}', 'Invoke-AzRestMethod'],
    [
      'an error of Azure',
      '{"error":{"code":"InvalidQuery","message":"Query is invalid."}}',
      'InvalidQuery: Query is invalid.',
    ],
    ['an error alone', '{"code":"AuthorizationFailed","message":"No."}', 'AuthorizationFailed'],
    ['parameters', '{"$schema":"https://x/2019-04-01/deploymentParameters.json#"}', 'a parameter file'],
    [
      'a template inside',
      '{"template":{"$schema":"https://x/2019-04-01/deploymentTemplate.json#"}}',
      'an ARM template',
    ],
    ['subscriptions', JSON.stringify(subscriptions), 'a list of subscriptions'],
    [
      'secrets',
      '[{"id":"https://kv.vault.azure.net/secrets/s1","type":"x/y"}]',
      'a key, secret or certificate',
    ],
    ['a report', '{"schemaVersion":"1.0","findings":[]}', 'a report of purgeproof'],
    ['a plan of Terraform', '{"format_version":"1.2","terraform_version":"1.11.4"}', 'Terraform'],
    ['columns of a query', '[{"name":"kv-a","location":"westeurope"}]', 'only name, location'],
  ] as const)('%s', async ([, text, what]) => {
    const { code, stderr } = await scan(text);
    expect([code, stderr]).toEqual([2, expect.stringContaining(what)]);
  });

  test('a workbook of Excel', async () => {
    const { code, stderr } = await scan(Uint8Array.of(0x50, 0x4b, 3, 4, 0xff));
    expect([code, stderr]).toEqual([2, expect.stringContaining('workbook of Excel')]);
  });
});

describe('C16: UTF-16 without a byte order mark', () => {
  test('is read', async () => {
    expect((await scan('C16-utf16-without-mark/inventory.json')).code).toBe(1);
  });

  test('either end first, whatever it holds', async () => {
    const text = JSON.stringify([vault('kv-a', {}, { tags: { team: 'Zahlungsverkehr 支払い' } })]);
    expect((await scan(Buffer.from(text, 'utf16le'))).code).toBe(0);
    expect((await scan(Buffer.from(text, 'utf16le').swap16())).code).toBe(0);
    expect((await scan(Buffer.from('[]', 'utf16le'))).code).toBe(0);
  });
});

describe('C17: the id tells the type', () => {
  test('where the query left it out', async () => {
    const { code, report } = await scan('C17-projected-columns/notype.json');
    expect([code, report?.summary]).toEqual([0, expect.objectContaining({ resources: 1, compliant: 6 })]);
  });
});

describe('announcements of further pages that nobody knows', () => {
  test.for([
    [{ hasMore: true }, 'hasMore'],
    [{ next: 'https://x' }, 'next'],
    [{ links: { next: 'https://x' } }, 'links.next'],
    [{ pagination: { nextCursor: 'abc' } }, 'pagination.nextCursor'],
    [{ 'x-ms-continuation': 'abc' }, 'x-ms-continuation'],
    [{ totalPages: 3 }, 'totalPages'],
    [{ partial: 'true' }, 'partial'],
  ] as const)('%j: incomplete', async ([announced, name]) => {
    const { code, report } = await scan(JSON.stringify({ value: [vault('kv-a')], ...announced }));
    expect([code, report?.unreadable.map(({ reason }) => reason)]).toEqual([
      3,
      [`A page may say that more rows follow ("${name}"), in a way that purgeproof does not know.`],
    ]);
  });

  test.for([
    [{ hasMore: false }],
    [{ next: null, links: { next: '' }, pagination: {} }],
    [{ totalPages: 1, page: 1, pageSize: 1000 }],
    [{ nextMarker: 'none' }],
  ] as const)('%j: complete', async ([announced]) => {
    expect((await scan(JSON.stringify({ value: [vault('kv-a')], ...announced }))).code).toBe(0);
  });
});

test('a table of Resource Graph with 100 rows and without its total is incomplete', async () => {
  const columns = ['id', 'name', 'type', 'properties'].map((name) => ({ name, type: 'string' }));
  const rows = vaults(100).map((row) => columns.map(({ name }) => row[name] ?? null));
  expect((await scan(JSON.stringify({ data: { columns, rows } }))).code).toBe(3);
  expect((await scan(JSON.stringify({ totalRecords: 100, data: { columns, rows } }))).code).toBe(0);
});

test('a configuration may say that its own inventory is whole, which says nothing of another', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'purgeproof-inputs-'));
  await writeFile(join(cwd, 'list.json'), JSON.stringify(vaults(100)));
  await writeFile(join(cwd, 'purgeproof.yaml'), 'inventory: list.json\ninventoryComplete: true\n');
  const config = ['scan', '--config', 'purgeproof.yaml'];
  const codes = [await run(config, { cwd }), await run([...config, '--inventory', 'list.json'], { cwd })];
  await rm(cwd, { recursive: true });
  expect(codes.map(({ code }) => code)).toEqual([0, 3]);
});
