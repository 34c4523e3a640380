import { describe, expect, test } from 'vitest';
import { emulator } from '../../emulator/index.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { readReport, run } from '../cli/run.ts';
import { scan, subscriptionId, vault } from './inventories.ts';

/** Verdicts that are not compliant, as `rule vault verdict`. */
function verdicts(report: ScanReport | undefined): readonly string[] {
  const found = report?.findings ?? [];
  return found.map(({ ruleId, resource, compliance }) => `${ruleId} ${resource.name} ${compliance}`);
}

describe('a value of a kind that Azure never writes is no verdict', () => {
  test('C4: the parts of an endpoint, cut off', async () => {
    for (const depth of ['depth4', 'depth5']) {
      const { code, report } = await scan(`C4-endpoint-cut-off/${depth}.json`);
      expect([code, verdicts(report)]).toEqual([3, ['AKV007 kv-good unknown']]);
      expect(report?.unreadable[0]?.hint).toContain('-Depth 100');
    }
  });

  test('C5: lists where Azure has scalars, which are shown', async () => {
    const { code, report } = await scan('C5-scalar-of-the-wrong-kind/inventory.json');
    expect(code).toBe(3);
    expect(verdicts(report)).toEqual(
      // Purge protection is not there at all, and a list without connections is a list.
      [1, 2, 3, 4, 5, 6, 7].map(
        (id) => `AKV00${id} kv-alpha ${[2, 7].includes(id) ? 'nonCompliant' : 'unknown'}`,
      ),
    );
    expect(report?.findings[0]?.evidence[0]?.actual).toEqual({
      kind: 'unreadable',
      words: 'could not be read: []',
    });
  });

  test('C7: empty texts are malformed, and tags that nobody reads do no harm', async () => {
    const { code, report } = await scan('C7-empty-texts/inventory.json');
    expect([code, verdicts(report)]).toEqual([
      3,
      ['AKV003 e-ret-empty unknown', 'AKV001 g-sd-empty unknown'],
    ]);
    expect(report?.unreadable.map(({ scope }) => scope.split('/').at(-1))).toEqual([
      'e-ret-empty',
      'g-sd-empty',
    ]);
    expect(report?.findings[0]?.message).toContain(
      'softDeleteRetentionInDays could not be read: "", expected',
    );
  });

  test.for<[string, JsonObject, string]>([
    ['a number for a boolean', { enablePurgeProtection: 1 }, 'AKV002'],
    ['text for a boolean', { enablePurgeProtection: 'yes' }, 'AKV002'],
    ['a boolean for text', { publicNetworkAccess: true }, 'AKV006'],
    ['an object for text', { publicNetworkAccess: { value: 'Disabled' } }, 'AKV006'],
    ['words for a number', { softDeleteRetentionInDays: '90 days' }, 'AKV003'],
    ['text for an object', { publicNetworkAccess: 'Enabled', networkAcls: 'Deny' }, 'AKV006'],
    [
      'a list in an object in a list',
      { privateEndpointConnections: [{ properties: { privateLinkServiceConnectionState: [] } }] },
      'AKV007',
    ],
    [
      'a number in an object in a list',
      { privateEndpointConnections: [{ properties: { privateLinkServiceConnectionState: { status: 1 } } }] },
      'AKV007',
    ],
    ['null in a list', { privateEndpointConnections: [null] }, 'AKV007'],
    [
      'an object in a list of texts',
      { enableRbacAuthorization: false, accessPolicies: [{ permissions: { keys: [{}] } }] },
      'AKV005',
    ],
  ])('%s', async ([, properties, rule]) => {
    const { code, report } = await scan([vault('kv-a', properties)], ['--rule', rule]);
    expect([code, verdicts(report)]).toEqual([3, [`${rule} kv-a unknown`]]);
    expect(report?.findings[0]?.evidence.map(({ actual }) => actual)).toContainEqual({
      kind: 'unreadable',
      words: expect.stringMatching(/^could not be read: ./),
    });
  });

  test.for<[string, JsonObject]>([
    ['a boolean as text', { enablePurgeProtection: 'True', enableSoftDelete: 'true' }],
    ['a number as text', { softDeleteRetentionInDays: '90' }],
    ['null', { networkAcls: null, softDeleteRetentionInDays: null }],
    ['a value that Azure may add some day', { provisioningState: 'Thinking', sku: { name: 'quantum' } }],
    ['something odd that no rule reads', { sku: '@{family=A; name=standard}', vaultUri: [], tenantId: 7 }],
  ])('but %s is read', async ([, properties]) => {
    expect(await scan([vault('kv-a', properties)])).toMatchObject({
      code: 0,
      report: { complete: true, unreadable: [] },
    });
  });

  test('two values under two spellings of a name are not shown', async () => {
    const { report } = await scan([vault('kv-a', { EnablePurgeProtection: false })]);
    expect(report?.findings.map(({ evidence }) => evidence[0]?.actual)).toEqual([
      { kind: 'unreadable', words: 'could not be read' },
    ]);
  });

  test('odd tags matter to a rule that reads tags', async () => {
    const rule = ['--policies', '../cli/own-rules', '--rule', 'ORG001'];
    for (const tags of [[], '', '@{owner=payments}']) {
      const { code, report } = await scan([vault('kv-a', {}, { tags })], rule);
      expect([code, verdicts(report)]).toEqual([3, ['ORG001 kv-a unknown']]);
    }
  });
});

/** Every scalar that the shipped rules read, with values of every other kind. */
const scalars = [
  'enableSoftDelete',
  'enablePurgeProtection',
  'softDeleteRetentionInDays',
  'enableRbacAuthorization',
  'publicNetworkAccess',
];
const oddities: readonly Json[] = ['', 'x', 7, true, [], {}, ['Disabled'], [true], '@{a=b}'];

test('a live scan, pushed down or not, and an inventory give the same verdicts', async () => {
  const rows = scalars.flatMap((name, at) =>
    oddities.map((value, index) => vault(`kv-${at}-${index}`, { [name]: value })),
  );
  const nested = oddities.map((defaultAction, index) =>
    vault(`kv-acls-${index}`, { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction } }),
  );
  const resources = [...rows, ...nested];
  const offline = await scan(resources);
  const tenant = {
    tenantId: subscriptionId,
    managementGroups: [],
    subscriptions: [{ id: subscriptionId, name: 'one' }],
    resources,
  };
  for (const flags of [[], ['--full']]) {
    const { credential, httpClient } = emulator(tenant, { quota: 'unlimited' });
    const live = await run(['scan', '--output', 'json', ...flags], { azure: { credential, httpClient } });
    expect(live.code).toBe(offline.code);
    expect(verdicts(readReport(live.stdout))).toEqual(verdicts(offline.report));
  }
  expect(verdicts(offline.report).filter((verdict) => verdict.endsWith('unknown')).length).toBeGreaterThan(
    40,
  );
});
