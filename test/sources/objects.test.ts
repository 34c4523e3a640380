import { describe, expect, test } from 'vitest';
import { emulator, type Fault, type Tenant, type TenantObject } from '../../emulator/index.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { fakeClock } from '../azure/fake-clock.ts';
import { readReport, run, type Setting } from '../cli/run.ts';
import { subscriptionId, tenantWithObjects, vaultId, vaultOf } from '../usecases/objects-estate.ts';

interface Trial {
  readonly argv?: readonly string[];
  readonly setting?: Setting;
  readonly faults?: readonly Fault[];
}

async function scan(tenant: Tenant, { argv = [], setting, faults = [] }: Trial = {}) {
  const { credential, httpClient, requests, inject } = emulator(tenant, { quota: 'unlimited' });
  for (const fault of faults) inject(fault);
  const clock = fakeClock();
  const rules = argv.includes('--rule') ? [] : ['--rule', 'AKV301', '--rule', 'AKV302'];
  const outcome = await run(['scan', '--include', 'objects', ...rules, ...argv, '--output', 'json'], {
    azure: { credential, httpClient: clock.watch(httpClient), clock },
    now: '2026-11-24T12:00:00Z',
    ...setting,
  });
  return { ...outcome, report: readReport(outcome.stdout), requests };
}

/** What a report says of the rules on objects: rule, object and verdict. */
function verdicts({ findings }: ScanReport): readonly string[] {
  return findings.map(({ ruleId, resource, compliance }) =>
    [ruleId, resource.id.slice(resource.id.indexOf('/vaults/') + 8), compliance].join(' '),
  );
}

const gone = { deletedDate: '2026-11-20T10:53:07Z', scheduledPurgeDate: '2026-11-27T10:53:07Z' };
const kept = { deletedDate: '2026-11-20T10:53:07Z', scheduledPurgeDate: '2027-02-18T10:53:07Z' };
const password: TenantObject = { type: 'secret', name: 'password', value: 'hunter2' };
const disk: TenantObject = { type: 'key', name: 'disk' };
const tls: TenantObject = { type: 'certificate', name: 'tls' };

describe('scan --include objects', () => {
  test('judges every object once: what a certificate manages is part of it', async () => {
    const { code, report } = await scan(
      tenantWithObjects({
        objects: [
          password,
          disk,
          tls,
          { ...tls, name: 'weak', recoveryLevel: 'Purgeable' },
          { type: 'secret', name: 'old', ...gone },
          { type: 'key', name: 'older', ...kept },
          { type: 'certificate', name: 'oldest', ...gone },
        ],
      }),
    );
    expect(verdicts(report)).toEqual([
      'AKV301 kv-a/certificates/weak nonCompliant',
      'AKV302 kv-a/deletedCertificates/oldest nonCompliant',
      'AKV302 kv-a/deletedSecrets/old nonCompliant',
    ]);
    expect(report.findings[2]).toMatchObject({
      resource: { name: 'kv-a/old', type: 'Microsoft.KeyVault/vaults/deletedSecrets', resourceGroup: 'rg' },
      evidence: [{ field: 'daysToPurge', expected: 'at least 7', actual: { value: 2 } }],
    });
    // One vault, four objects that are live, three that are not.
    expect(report.summary).toMatchObject({ resources: 8, compliant: 4, nonCompliant: 3, unknown: 0 });
    expect(report.coverage.parts).toEqual([{ name: 'objects', state: 'read' }]);
    expect([code, report.complete]).toEqual([1, true]);
  });

  test.for(
    [
      { enableSoftDelete: true },
      { enableSoftDelete: null },
      { enableSoftDelete: true, softDeleteRetentionInDays: null },
      { enableSoftDelete: true, softDeleteRetentionInDays: 7 },
      { enableSoftDelete: true, enablePurgeProtection: true },
      { enableSoftDelete: true, enablePurgeProtection: true, softDeleteRetentionInDays: 30 },
    ].flatMap((properties) => [false, true].map((undeletable) => ({ properties, undeletable }))),
  )(
    'agrees with what the service derives from $properties, $undeletable',
    async ({ properties, undeletable }) => {
      const { code, report } = await scan(
        tenantWithObjects(
          { objects: [password, disk, tls], ...(undeletable ? { protectedSubscription: true } : {}) },
          properties,
        ),
      );
      expect([code, report.summary.compliant, verdicts(report)]).toEqual([0, 3, []]);
    },
  );

  test('where soft delete is off, everything in the vault is Purgeable, and there is no recycle bin', async () => {
    const { code, report } = await scan(
      tenantWithObjects({ objects: [password, disk, tls] }, { enableSoftDelete: false }),
    );
    expect(verdicts(report)).toEqual(
      ['certificates/tls', 'keys/disk', 'secrets/password'].map((each) => `AKV301 kv-a/${each} nonCompliant`),
    );
    expect([code, report.complete]).toEqual([1, true]);
  });

  test('of vaults without objects is complete, and so is one of no vaults', async () => {
    const empty = tenantWithObjects({ objects: [] });
    for (const tenant of [empty, { ...empty, resources: [] }]) {
      const { code, report } = await scan(tenant);
      expect(report.coverage.parts).toEqual([{ name: 'objects', state: 'empty' }]);
      expect(code).toBe(0);
    }
  });

  test('says how far it has come, where somebody watches', async () => {
    const { credential, httpClient } = emulator(besides(tenantWithObjects({ objects: [disk] })));
    const { stderr } = await run(['scan', '--include', 'objects'], {
      azure: { credential, httpClient },
      terminal: 100,
    });
    expect(stderr).toContain('Reading 1 subscription · 1 page · 2 resources · 2 looked into');
  });

  test('is planned by hand: nothing of it is changed', async () => {
    const { credential, httpClient, requests } = emulator(
      tenantWithObjects({ objects: [{ ...disk, recoveryLevel: 'Purgeable' }] }),
    );
    const { code, stdout } = await run(
      ['plan', '--include', 'objects', '--rule', 'AKV301', '--output', 'json'],
      { azure: { credential, httpClient }, now: '2026-11-24T12:00:00Z' },
    );
    expect(JSON.parse(stdout)).toMatchObject({ steps: [], manual: [{ rule: { id: 'AKV301' } }] });
    expect([code, requests.filter(({ method }) => /^(PATCH|PUT|DELETE)$/.test(method))]).toEqual([1, []]);
  });
});

describe('a level that contradicts the vault', () => {
  const level = 'properties.attributes.recoveryLevel';
  const [softDelete, protection, days] = [
    'vault.properties.enableSoftDelete',
    'vault.properties.enablePurgeProtection',
    'vault.properties.softDeleteRetentionInDays',
  ];
  // Purgeable is refused by itself, and once more as one of two alternatives.
  const contradictions: readonly (readonly [JsonObject, string, readonly string[]])[] = [
    [{ enablePurgeProtection: true }, 'Recoverable+Purgeable', [protection, level]],
    [{}, 'Purgeable', [level, level, softDelete]],
    [{ enableSoftDelete: null }, 'Purgeable', [level, level, softDelete]],
    [{}, 'CustomizedRecoverable+Purgeable', [days, level]],
    [{}, 'Recoverable', [protection, level]],
    [{ enableSoftDelete: false }, 'Recoverable+Purgeable', [softDelete, level]],
  ];
  test.for(contradictions)(
    '%j and %s: both sides are evidence',
    async ([properties, recoveryLevel, fields]) => {
      const { report, requests } = await scan(
        tenantWithObjects({ objects: [{ ...disk, recoveryLevel }] }, properties),
      );
      const [finding] = report.findings;
      expect(verdicts(report)).toEqual(['AKV301 kv-a/keys/disk nonCompliant']);
      expect(finding?.evidence.map(({ field }) => field)).toEqual(fields);
      // Resource Graph lags: ARM was asked what the vault promises now.
      expect(requests.filter(({ path }) => path.toLowerCase() === vaultId.toLowerCase())).toHaveLength(1);
    },
  );

  test('that is better than promised may be allowed', async () => {
    const estate = tenantWithObjects({ objects: [{ ...disk, recoveryLevel: 'Recoverable' }] });
    const { code } = await scan(estate, { argv: ['--param', 'AKV301.treatBetterAs=compliant'] });
    expect(code).toBe(0);
  });

  test('is none where Resource Graph only lags behind ARM', async () => {
    const { resources, ...estate } = tenantWithObjects({ objects: [disk] }, { enablePurgeProtection: true });
    const stale = new Map([[vaultId.toLowerCase(), vaultOf('kv-a')]]);
    const { code, report } = await scan({ ...estate, resources, stale });
    expect([code, verdicts(report), report.complete]).toEqual([0, [], true]);
  });

  test('and that ARM refuses to settle is unknown, unless it is Purgeable', async () => {
    const estate = tenantWithObjects({
      objects: [
        { ...disk, recoveryLevel: 'Recoverable' },
        { ...password, recoveryLevel: 'Purgeable' },
      ],
    });
    const { code, report } = await scan(estate, {
      faults: [
        { kind: 'status', status: 403, code: 'AuthorizationFailed', match: { path: /\/vaults\/kv-a$/ } },
      ],
    });
    expect(verdicts(report)).toEqual([
      'AKV301 kv-a/keys/disk unknown',
      'AKV301 kv-a/secrets/password nonCompliant',
    ]);
    expect(report.unreadable[0]).toMatchObject({ scope: vaultId });
    expect(code).toBe(3);
  });
});

/** Two vaults: kv-a as given, and kv-b, of which nothing is missing. */
function besides(tenant: Tenant): Tenant {
  const { resources, dataPlanes } = tenant;
  return {
    ...tenant,
    resources: [...(Array.isArray(resources) ? resources : []), vaultOf('kv-b')],
    dataPlanes: { ...dataPlanes, 'kv-b': { objects: [{ ...password, recoveryLevel: 'Purgeable' }] } },
  };
}

const everything: readonly TenantObject[] = [
  { ...disk, recoveryLevel: 'Purgeable' },
  password,
  tls,
  { type: 'secret', name: 'old', ...gone },
];

/** The verdicts on a vault of which only the keys can be read. */
const keysAlone = ['AKV301 kv-a unknown', 'AKV302 kv-a unknown', 'AKV301 kv-a/keys/disk nonCompliant'];

describe('a vault that cannot be read', () => {
  const objects = [...everything];
  const cases: readonly (readonly [string, Tenant, RegExp, number])[] = [
    [
      'ForbiddenByFirewall',
      tenantWithObjects({ objects }, { networkAcls: { defaultAction: 'Deny', bypass: 'None' } }),
      /: the firewall of the vault does not let 198\.51\.100\.7 in \(ForbiddenByFirewall\)\.$/,
      1,
    ],
    [
      'ForbiddenByConnection',
      tenantWithObjects({ objects }, { publicNetworkAccess: 'Disabled' }),
      /: the vault has public network access disabled.* \(ForbiddenByConnection\)\.$/,
      1,
    ],
    ['no DNS', tenantWithObjects({ objects, network: 'unresolved' }), /: getaddrinfo ENOTFOUND/, 1],
    ['no answer', tenantWithObjects({ objects, network: 'silent' }), /: no whole answer within 1 second/, 1],
    [
      'no address',
      tenantWithObjects({ objects }, { vaultUri: null }),
      /: Azure does not tell the address/,
      0,
    ],
    [
      'an address elsewhere',
      tenantWithObjects({ objects }, { vaultUri: 'https://kv-a.example.com/' }),
      /example/,
      0,
    ],
  ];
  test.for(cases)('%s: unknown for these rules alone', async ([, tenant, reason, asked]) => {
    const { code, report, requests } = await scan(besides(tenant), {
      argv: ['--rule', 'AKV002', '--rule', 'AKV301', '--rule', 'AKV302', '--vault-timeout', '1s'],
    });
    expect(verdicts(report)).toEqual([
      'AKV002 kv-a nonCompliant',
      ...keysAlone,
      'AKV002 kv-b nonCompliant',
      'AKV301 kv-b/secrets/password nonCompliant',
    ]);
    expect(report.findings[1]?.message).toBe(
      'kv-a could not be judged by AKV301 object-recovery-level: secrets, certificates could not be read, expected a list',
    );
    expect(report.unreadable).toMatchObject([{ scope: vaultId, kind: 'resource' }]);
    expect(report.unreadable[0]?.reason).toMatch(
      /^Its secrets, certificates, deleted keys, deleted secrets and deleted certificates could not be read: /,
    );
    expect(report.unreadable[0]?.reason).toMatch(reason);
    expect(report.coverage.parts).toEqual([{ name: 'objects', state: 'partial' }]);
    expect(report.coverage.subscriptions.map(({ state }) => state)).toEqual(['read']);
    expect(requests.filter(({ host }) => host.startsWith('kv-a.'))).toHaveLength(asked);
    expect(code).toBe(3);
  });

  test('by a right on secrets alone tells of certificates through their keys', async () => {
    const missingRights = [
      {
        action: 'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
        scope: `/subscriptions/${subscriptionId}`,
      },
    ];
    const { code, report } = await scan({ ...tenantWithObjects({ objects }), missingRights });
    expect(verdicts(report)).toEqual([
      'AKV301 kv-a unknown',
      'AKV302 kv-a unknown',
      'AKV301 kv-a/keys/disk nonCompliant',
    ]);
    expect(report.unreadable).toMatchObject([
      {
        reason: expect.stringMatching(
          /^Its secrets and deleted secrets could not be read: no role of this identity grants .*readMetadata\/action.*\(ForbiddenByRbac\)\.$/,
        ),
        hint: expect.stringContaining('Key Vault Reader'),
      },
    ]);
    expect(code).toBe(3);
  });

  test('by a right on certificates alone tells of them through the secrets that they manage', async () => {
    const missingRights = [
      { action: 'Microsoft.KeyVault/vaults/certificates/read', scope: `/subscriptions/${subscriptionId}` },
    ];
    const estate = tenantWithObjects({
      objects: [
        { ...tls, recoveryLevel: 'Purgeable' },
        { ...tls, name: 'old', ...gone },
      ],
    });
    const { report } = await scan({ ...estate, missingRights });
    expect(verdicts(report)).toEqual([
      'AKV301 kv-a unknown',
      'AKV302 kv-a unknown',
      'AKV301 kv-a/certificates/tls nonCompliant',
      'AKV302 kv-a/deletedCertificates/old nonCompliant',
    ]);
  });

  test('by access policies says which permissions are missing, once', async () => {
    const { report } = await scan(tenantWithObjects({ objects }, { enableRbacAuthorization: false }));
    expect(report.unreadable).toEqual([
      {
        scope: vaultId,
        kind: 'resource',
        reason:
          'Its secrets, certificates, deleted keys, deleted secrets and deleted certificates could not be read: no access policy of the vault gives this identity list on secrets, certificates and keys (ForbiddenByPolicy).',
        hint: 'Have it added to the permissions that its access policy has, which this command replaces: `az keyvault set-policy --name kv-a --object-id <object id> --secret-permissions <those that it has> list --certificate-permissions <those that it has> list --key-permissions <those that it has> list`',
      },
    ]);
  });

  test('of which nothing at all may be read is denied', async () => {
    const actions = ['keys/read', 'secrets/readMetadata/action', 'certificates/read'];
    const missingRights = actions.map((action) => ({
      action: `Microsoft.KeyVault/vaults/${action}`,
      scope: `/subscriptions/${subscriptionId}`,
    }));
    const { code, report } = await scan({ ...tenantWithObjects({ objects }), missingRights });
    expect(report.coverage.parts).toEqual([{ name: 'objects', state: 'denied' }]);
    expect([code, report.summary.nonCompliant, report.summary.unknown]).toEqual([3, 0, 2]);
    expect(report.unreadable.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^Its keys could not be read: .*vaults\/keys\/read/),
      expect.stringMatching(
        /^Its secrets, certificates, deleted keys, .*: no role of this identity grants .*secrets\/readMetadata\/action, .*certificates\/read and .*keys\/read on it \(ForbiddenByRbac\)\.$/,
      ),
    ]);
  });

  test('without a token for vaults, no vault is asked, and keys are judged', async () => {
    const { credential, httpClient, requests } = emulator(besides(tenantWithObjects({ objects })));
    let asked = 0;
    const { code, stdout } = await run(
      ['scan', '--include', 'objects', '--rule', 'AKV301', '--output', 'json'],
      {
        azure: {
          httpClient,
          credential: {
            getToken: async (scopes, options) => {
              if (!String(scopes).includes('vault.azure.net')) return credential.getToken(scopes, options);
              asked += 1;
              throw Object.assign(new Error('AADSTS53003: blocked by Conditional Access'), {
                name: 'AuthenticationError',
              });
            },
          },
        },
      },
    );
    expect(verdicts(readReport(stdout))).toContain('AKV301 kv-a/keys/disk nonCompliant');
    expect(requests.some(({ host }) => host.includes('vault.azure.net'))).toBe(false);
    expect([code, asked]).toEqual([3, 1]);
  });
});

const origin = 'https://kv-a.vault.azure.net';

/** A list of secrets in the place of that of kv-a. */
function secrets(value: Json[], rest: JsonObject = {}): Fault {
  return listed(/^\/secrets$/, { value, ...rest });
}

function listed(path: RegExp, body: JsonObject): Fault {
  return { kind: 'status', status: 200, body, times: 99, match: { path } };
}

function row(name: string, attributes: JsonObject, rest: JsonObject = {}): JsonObject {
  return { id: `${origin}/secrets/${name}`, attributes: { enabled: true, ...attributes }, ...rest };
}

const fine: JsonObject = { recoveryLevel: 'Recoverable+Purgeable', recoverableDays: 90 };

describe('an answer that Azure does not give', () => {
  const cases: readonly (readonly [string, Fault, string])[] = [
    ['an unknown level', secrets([row('s', { ...fine, recoveryLevel: 'Sometimes' })]), 'secrets/s'],
    ['a level that is no text', secrets([row('s', { ...fine, recoveryLevel: 90 })]), 'secrets/s'],
    ['no level', secrets([row('s', { recoverableDays: 90 })]), 'secrets/s'],
    ['attributes that are none', secrets([{ ...row('s', {}), attributes: 'none' }]), 'secrets/s'],
    ['no attributes', secrets([{ id: `${origin}/secrets/s` }]), 'secrets/s'],
    ['days that are no number', secrets([row('s', { ...fine, recoverableDays: 'many' })]), 'secrets/s'],
    [
      'two rows about one secret that differ',
      secrets([row('s', fine), row('S', { ...fine, recoveryLevel: 'Purgeable' })]),
      'secrets/S',
    ],
    ['a row without an id', secrets([row('s', fine), { attributes: fine }]), 'secrets'],
    ['a row of another collection', secrets([{ ...row('s', fine), id: `${origin}/keys/s` }]), 'secrets'],
    ['a name that is none', secrets([row('..%2Fs', fine)]), 'secrets'],
    ['a row that is none', secrets([null]), 'secrets'],
    ['no list', listed(/^\/secrets$/, { error: 'none' }), 'secrets'],
    [
      'a page that is its own next one',
      secrets([row('s', fine)], { nextLink: `${origin}/secrets?api-version=7.4&maxresults=25` }),
      'secrets',
    ],
    [
      'a next page on another host',
      secrets([row('s', fine)], { nextLink: 'https://example.com/secrets' }),
      'secrets',
    ],
    ['a next page that is no address', secrets([row('s', fine)], { nextLink: 'https://' }), 'secrets'],
    [
      'a key of another vault',
      listed(/\/vaults\/kv-a\/keys$/, {
        value: [{ id: `${vaultId}-b/keys/k`, properties: { attributes: fine } }],
      }),
      'keys',
    ],
    [
      'a secret of another vault',
      secrets([{ ...row('s', fine), id: 'https://kv-b.vault.azure.net/secrets/s' }]),
      'secrets',
    ],
    [
      'a key without a level',
      listed(/\/vaults\/kv-a\/keys$/, {
        value: [{ id: `${vaultId}/keys/k`, properties: { attributes: {} } }],
      }),
      'keys/k',
    ],
    [
      'a key without properties',
      listed(/\/vaults\/kv-a\/keys$/, { value: [{ id: `${vaultId}/keys/k` }] }),
      'keys/k',
    ],
    [
      'a deleted secret without a date',
      listed(/^\/deletedsecrets$/, { value: [row('s', fine)] }),
      'deletedSecrets/s',
    ],
    [
      'a date that is none',
      listed(/^\/deletedsecrets$/, { value: [row('s', fine, { scheduledPurgeDate: 1e15 })] }),
      'deletedSecrets/s',
    ],
  ];
  test.for(cases)('%s is unknown, never compliant', async ([, fault, unknown]) => {
    const { code, report } = await scan(tenantWithObjects({ objects: [] }), { faults: [fault] });
    const place = unknown.includes('/') ? `kv-a/${unknown}` : 'kv-a';
    const rule = unknown.startsWith('deleted') ? 'AKV302' : 'AKV301';
    expect(verdicts(report)).toEqual([`${rule} ${place} unknown`]);
    expect(report.unreadable).toMatchObject([{ scope: vaultId, kind: 'resource' }]);
    expect([code, report.coverage.parts]).toEqual([3, [{ name: 'objects', state: 'partial' }]]);
  });

  test('a huge page, and the same row on two pages, are counted once', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => row(`s-${index}`, fine));
    const { code, report } = await scan(tenantWithObjects({ objects: [] }), {
      faults: [secrets([...rows, ...rows.slice(0, 50)])],
    });
    expect([code, report.summary.compliant, report.complete]).toEqual([0, 20_000, true]);
  });

  test('a certificate whose parts disagree is unknown', async () => {
    const part = (recoveryLevel: string): JsonObject =>
      row('tls', { ...fine, recoveryLevel }, { managed: true });
    const { report } = await scan(tenantWithObjects({ objects: [tls] }), {
      faults: [secrets([part('Recoverable')])],
    });
    expect(verdicts(report)).toEqual(['AKV301 kv-a/certificates/tls unknown']);
  });

  test('a row of Resource Graph that is no vault is a gap', async () => {
    const { code, report } = await scan(tenantWithObjects({ objects: [] }), {
      faults: [
        {
          kind: 'malformedRow',
          times: 99,
          match: { query: /^resources \| where type in~ \('microsoft.keyvault\/vaults'\) \| project/ },
        },
      ],
    });
    expect([code, report.coverage.parts]).toEqual([3, [{ name: 'objects', state: 'partial' }]]);
  });

  test('a list of vaults that Resource Graph refuses is a gap', async () => {
    const { code, report } = await scan(tenantWithObjects({ objects: [...everything] }), {
      faults: [
        {
          kind: 'status',
          status: 403,
          code: 'AccessDenied',
          times: 9,
          match: { query: /^resources \| where type in~ \('microsoft.keyvault\/vaults'\) \| project/ },
        },
      ],
    });
    expect([code, report.summary.compliant]).toEqual([3, 0]);
  });
});

describe('the requests', () => {
  test('of a scan never name a secret, a key or a certificate: none can return a value', async () => {
    const { requests } = await scan(besides(tenantWithObjects({ objects: [...everything] })), {
      argv: ['--include', 'deleted'],
    });
    const paths = new Set(
      requests.map(({ method, host, path }) => `${method} ${host}${path}`.replaceAll(/kv-[ab]/g, 'KV')),
    );
    const arm = 'management.azure.com';
    const one = `${arm}/subscriptions/${subscriptionId}`;
    expect([...paths].toSorted()).toEqual(
      [
        `GET ${arm}/subscriptions`,
        `GET ${one}/providers/Microsoft.Authorization/permissions`,
        `GET ${one}/providers/Microsoft.KeyVault/deletedManagedHSMs`,
        `GET ${one}/providers/Microsoft.KeyVault/deletedVaults`,
        `GET ${one}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/KV`,
        `GET ${one}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/KV/keys`,
        `POST ${arm}/providers/Microsoft.ResourceGraph/resources`,
        ...['certificates', 'deletedcertificates', 'deletedkeys', 'deletedsecrets', 'secrets'].map(
          (collection) => `GET KV.vault.azure.net/${collection}`,
        ),
      ].toSorted(),
    );
  });

  test('keep nothing of an answer but metadata', async () => {
    const { stdout, stderr } = await scan(tenantWithObjects({ objects: [] }), {
      argv: ['--include-compliant'],
      faults: [secrets([row('s', fine, { value: 'hunter2' })])],
    });
    expect(stdout).toContain('kv-a/s');
    expect(`${stdout}${stderr}`).not.toContain('hunter2');
  });

  test('of a plain scan do not touch a vault', async () => {
    const { credential, httpClient, requests } = emulator(tenantWithObjects({ objects: [...everything] }));
    const { code, stdout } = await run(['scan'], { azure: { credential, httpClient } });
    expect(
      requests.some(({ host, path }) => host.includes('vault.azure.net') || path.endsWith('/keys')),
    ).toBe(false);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('AKV301, AKV302 are judged with --include objects');
    expect(code).toBe(1);
  });
});

describe('that every vault was seen', () => {
  test('takes evidence, also where no rule on vaults is selected', async () => {
    const missingRights = [
      { action: 'Microsoft.KeyVault/vaults/read', scope: `/subscriptions/${subscriptionId}` },
    ];
    const { code, report } = await scan({
      ...tenantWithObjects({ objects: [...everything] }),
      missingRights,
    });
    expect([code, report.complete, report.summary.compliant]).toEqual([3, false, 0]);
    expect(report.coverage.subscriptions.map(({ state }) => state)).toEqual(['denied']);
    // The vaults are looked for twice, and the one gap that both reads come upon is reported once.
    expect(report.unreadable).toHaveLength(1);
  });

  test('is not said of a scan that was interrupted', async () => {
    const controller = new AbortController();
    const { code, report } = await scan(besides(tenantWithObjects({ objects: [...everything] })), {
      setting: { signal: controller.signal },
      faults: [{ kind: 'hook', match: { path: /^\/secrets$/ }, run: () => controller.abort() }],
    });
    expect(report.unreadable).toMatchObject([{ scope: 'objects', kind: 'interrupted' }]);
    expect(report.coverage.parts).toEqual([{ name: 'objects', state: 'partial' }]);
    expect(code).toBe(3);
  });
});
