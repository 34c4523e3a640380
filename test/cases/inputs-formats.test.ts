import { describe, expect, test } from 'vitest';
import { scan, vault } from './inventories.ts';

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
    ['an answer as az 2 writes it in TSV', '1\t1\tNone\t1\n', '--output tsv'],
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
    ['a report', '{"schemaVersion":"1.0","findings":[]}', 'a report of a scan'],
    ['a plan of Terraform', '{"format_version":"1.2","terraform_version":"1.11.4"}', 'Terraform'],
    ['columns of a query', '[{"name":"kv-a","location":"westeurope"}]', 'only name, location'],
  ] as const)('%s', async ([, text, what]) => {
    const { code, stderr } = await scan(text);
    expect([code, stderr]).toEqual([2, expect.stringContaining(what)]);
  });

  test.for([
    ['UTF-16 appended to UTF-8', Buffer.concat([Buffer.from('[]\n'), Buffer.from('[]', 'utf16le')])],
    ['UTF-32', Buffer.from([0x5b, 0, 0, 0, 0x5d, 0, 0, 0])],
  ] as const)('%s', async ([, bytes]) => {
    const { code, stderr } = await scan(bytes);
    expect([code, stderr]).toEqual([2, expect.stringContaining('two encodings, or in UTF-32')]);
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

describe('B12: what is wider than anything of Azure is refused, before anything is made of it', () => {
  const members = (count: number): string =>
    Array.from({ length: count }, (_, index) => `"t${index}":"v"`).join(',');
  const row = JSON.stringify(vault('kv-a', {}, { tags: 'TAGS', more: 'MORE' }));

  test.for([
    ['tags', row.replace('"TAGS"', `{${members(200_000)}}`).replace('"MORE"', 'null')],
    ['a part of properties', row.replace('"TAGS"', '{}').replace('"MORE"', `{"a":[{${members(10_001)}}]}`)],
    ['the whole document', `{${members(20_000)}}`],
    ['a line', `${row}\n{${members(20_000)}}`],
  ] as const)('%s', async ([, text]) => {
    const { code, stderr } = await scan(text);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: .*:\d+:\d+ {2}this object has more than 10,000 members/),
    ]);
  });

  test('up to the bound it is read', async () => {
    const text = row.replace('"TAGS"', `{${members(10_000)}}`).replace('"MORE"', 'null');
    expect((await scan(text)).code).toBe(0);
  });
});
