import { describe, expect, test } from 'vitest';
import { emulator, generateTenant, type Emulator, type EmulatorOptions } from '../../emulator/index.ts';
import { isJsonObject } from '../../src/model/json.ts';
import { graphClient, ids, names, smallTenant } from './azure.ts';

type Body = Readonly<Record<string, unknown>>;

/** Posts a query as it is, for what the SDK client cannot say. */
async function post(azure: Emulator, body: Body, contentType = 'application/json'): Promise<Response> {
  const token = await azure.credential.getToken('https://management.azure.com/.default');
  return azure.fetch(
    new Request(
      'https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
      {
        method: 'POST',
        headers: { authorization: `Bearer ${token?.token}`, 'content-type': contentType },
        body: JSON.stringify(body),
      },
    ),
  );
}

/** The codes of an error's details. */
async function codesOf(response: Response): Promise<readonly unknown[]> {
  const body: unknown = await response.json();
  const error = isJsonObject(body) && isJsonObject(body['error']) ? body['error'] : {};
  const details = Array.isArray(error['details']) ? error['details'] : [];
  return [error['code'], ...details.map((detail) => (isJsonObject(detail) ? detail['code'] : undefined))];
}

const objects = { resultFormat: 'objectArray' } as const;
const azureOf = (options: EmulatorOptions = {}): Emulator =>
  emulator(smallTenant(), { quota: 'unlimited', ...options });

describe('paging', () => {
  test('skip tokens lead through all rows once, and only the last page has none', async () => {
    const client = graphClient(azureOf());
    const seen: unknown[] = [];
    let skipToken: string | undefined;
    const counts: number[] = [];
    do {
      const page = await client.resources({
        query: names,
        options: { ...objects, top: 4, ...(skipToken !== undefined && { skipToken }) },
      });
      expect(page.totalRecords).toBe(9);
      expect(page.resultTruncated).toBe('false');
      counts.push(page.count);
      seen.push(...page.data.map((row: { readonly name: string }) => row.name));
      skipToken = page.skipToken;
    } while (skipToken !== undefined);
    expect(counts).toEqual([4, 4, 1]);
    expect(new Set(seen).size).toBe(9);
  });

  test.for<[what: string, change: Body]>([
    ['another query', { query: `${names} | where true` }],
    ['another scope', { subscriptions: [ids.one] }],
  ])('a token is refused with %s', async ([, change]) => {
    const azure = azureOf();
    const page = await graphClient(azure).resources({ query: names, options: { ...objects, top: 4 } });
    const response = await post(azure, {
      query: names,
      ...change,
      options: { ...objects, $skipToken: page.skipToken },
    });
    expect(response.status).toBe(400);
    expect(await codesOf(response)).toEqual(['BadRequest', 'InvalidSkipToken']);
  });

  test.for<[query: string, rows: number, truncated: string]>([
    ['resources | project id | limit 5', 2, 'true'],
    ['resources | project id | limit 1', 1, 'false'],
    ['resources | project name', 2, 'true'],
    ['resources | project id', 2, 'false'],
  ])('%s gives %d of two rows, truncated %s', async ([query, rows, truncated]) => {
    const page = await graphClient(azureOf()).resources({ query, options: { ...objects, top: 2 } });
    expect(page.count).toBe(rows);
    expect(page.resultTruncated).toBe(truncated);
    expect(page.skipToken === undefined).toBe(truncated === 'true' || rows < 2);
  });

  test('a page is 100 rows by default, at most 1,000, and asking for more than 5,000 is refused', async () => {
    const azure = emulator(generateTenant({ subscriptions: 3, vaults: 2500, failing: 0 }), {
      quota: 'unlimited',
    });
    const client = graphClient(azure);
    const count = async (top?: number): Promise<number> => {
      const options = { ...objects, ...(top !== undefined && { top }) };
      return (await client.resources({ query: 'resources | project id', options })).count;
    };
    expect(await count()).toBe(100);
    expect(await count(1000)).toBe(1000);
    expect(await count(5000)).toBe(1000);
    expect((await post(azure, { query: names, options: { $top: 5001 } })).status).toBe(400);
  });

  test('the payload limit shortens pages without losing rows', async () => {
    const client = graphClient(azureOf({ payloadLimit: 500 }));
    const first = await client.resources({ query: names, options: { ...objects, top: 9 } });
    expect(first.count).toBeLessThan(9);
    expect(first.skipToken).toBeDefined();
  });

  test('skip is an offset, unless the query has a limit', async () => {
    const client = graphClient(azureOf());
    const after = async (query: string): Promise<number> =>
      (await client.resources({ query, options: { ...objects, skip: 7 } })).count;
    expect(await after(names)).toBe(2);
    expect(await after('resources | project id | limit 9')).toBe(9);
  });

  test('a change between pages shows, as in Azure', async () => {
    const azure = azureOf();
    const client = graphClient(azure);
    const first = await client.resources({ query: names, options: { ...objects, top: 5 } });
    azure.tenant.resources = [];
    const options = {
      ...objects,
      top: 5,
      ...(first.skipToken !== undefined && { skipToken: first.skipToken }),
    };
    const second = await client.resources({ query: names, options });
    expect([second.totalRecords, second.count]).toEqual([0, 0]);
  });
});

describe('rows', () => {
  test('have the columns of Resource Graph: types and groups in lower case, nothing made up', async () => {
    const { data } = await graphClient(azureOf()).resources({
      query: 'resources | take 1',
      options: objects,
    });
    expect(data[0]).toMatchObject({
      type: 'microsoft.keyvault/vaults',
      resourceGroup: 'rg-a',
      subscriptionId: ids.one,
      kind: '',
      plan: null,
    });
    expect(data[0].properties).not.toHaveProperty('enablePurgeProtection');
    expect(Object.keys(data[0])).toHaveLength(17);
  });

  test('come as a table unless told otherwise; computed booleans are numbers', async () => {
    const query =
      'resources | project name, soft = properties.enableSoftDelete, on = properties.enableSoftDelete == true | take 1';
    const { data } = await graphClient(azureOf()).resources({ query });
    expect(data.columns).toEqual([
      { name: 'name', type: 'string' },
      { name: 'soft', type: 'object' },
      { name: 'on', type: 'boolean' },
    ]);
    expect(data.rows).toEqual([['kv-one-a', true, 1]]);
  });

  test('of containers tell subscriptions and the groups above them, nearest first', async () => {
    const query =
      "resourcecontainers | where type == 'microsoft.resources/subscriptions' | where name == 'Two'";
    const { data } = await graphClient(azureOf()).resources({ query, options: objects });
    expect(data[0].properties).toEqual({
      state: 'Enabled',
      managementGroupAncestorsChain: [
        { name: 'inner', displayName: 'Inner group' },
        { name: 'root', displayName: 'Root' },
      ],
    });
  });
});

describe('scopes', () => {
  const visible = async (azure: Emulator, scope: Body): Promise<unknown> =>
    (await graphClient(azure).resources({ query: names, options: objects, ...scope })).totalRecords;

  test.for<[what: string, scope: Body, rows: number]>([
    ['the whole tenant', {}, 6],
    ['subscriptions, one of them denied', { subscriptions: [ids.one, ids.two] }, 3],
    ['a group', { managementGroups: ['root'] }, 6],
    ['a group whose id is written otherwise', { managementGroups: ['INNER'] }, 3],
  ])('%s: what is denied is left out without a word', async ([, scope, rows]) => {
    expect(await visible(emulator(smallTenant({ two: { access: 'denied' } })), scope)).toBe(rows);
  });

  test('rights in a resource group show only that group', async () => {
    const azure = emulator(
      smallTenant({ one: { access: 'resourceGroups', readableResourceGroups: ['rg-B'] } }),
    );
    expect(await visible(azure, { subscriptions: [ids.one] })).toBe(1);
  });

  test.for<[body: Body, status: number, code: string]>([
    [{ subscriptions: [ids.two] }, 403, 'AccessDenied'],
    [{ subscriptions: [ids.one], managementGroups: ['root'] }, 400, 'InvalidScopes'],
    [{ managementGroups: ['No such group'] }, 400, 'ManagementGroupsContainInvalidIds'],
    [{ subscriptions: ['not a guid'] }, 400, 'SubscriptionsContainInvalidGuids'],
    [{ subscriptions: Array.from({ length: 1001 }, () => ids.one) }, 400, 'TooManySubscriptions'],
  ])('%o is %d %s', async ([body, status, code]) => {
    const response = await post(emulator(smallTenant({ two: { access: 'denied' } })), {
      query: names,
      ...body,
    });
    expect(response.status).toBe(status);
    expect(await codesOf(response)).toContain(code);
  });

  test('more subscriptions than a query reaches: the first ones, and a header', async () => {
    const azure = azureOf({ subscriptionLimit: 2 });
    const response = await post(azure, {
      query: 'resourcecontainers | summarize n = count() by type',
      managementGroups: ['root'],
    });
    expect(response.headers.get('x-ms-tenant-subscription-limit-hit')).toBe('true');
    expect(await visible(azure, { managementGroups: ['root'] })).toBe(6);
    expect(
      (await post(azure, { query: names, subscriptions: Object.values(ids) })).headers.has(
        'x-ms-tenant-subscription-limit-hit',
      ),
    ).toBe(false);
  });
});

describe('errors', () => {
  test('a mistake in the query is told as the service tells it', async () => {
    const response = await post(azureOf(), { query: 'resources\n| where nosuch == 1' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: {
        code: 'BadRequest',
        message: expect.stringMatching(
          /^Please provide below info when asking for support: timestamp = .*, correlationId = .*\.$/,
        ),
        details: [
          { code: 'InvalidQuery' },
          { code: 'ParserFailure', line: 2, characterPositionInLine: 8, token: 'nosuch' },
        ],
      },
    });
  });

  test.for<[query: string, code: string]>([
    ['resources | summarize cout()', 'UnknownFunction'],
    ['resources | mv-apply x = tags on (take 1)', 'UnsupportedExpression'],
    ['', 'EmptyQuery'],
  ])('%s: %s', async ([query, code]) => {
    expect(await codesOf(await post(azureOf(), { query }))).toContain(code);
  });

  test('anything but JSON is 500', async () => {
    expect((await post(azureOf(), { query: names }, 'text/plain')).status).toBe(500);
  });
});

describe('quota', () => {
  test('fifteen queries in a sliding window of five seconds, told in headers, refused without Retry-After', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const azure = emulator(smallTenant(), { now: () => now });
    const headers = async (): Promise<readonly unknown[]> => {
      const response = await post(azure, { query: names });
      const named = ['x-ms-user-quota-remaining', 'x-ms-user-quota-resets-after', 'retry-after'];
      return [response.status, ...named.map((name) => response.headers.get(name))];
    };
    expect(await headers()).toEqual([200, '14', '00:00:05', null]);
    now += 2100;
    for (let left = 13; left >= 0; left--)
      expect(await headers()).toEqual([200, String(left), '00:00:03', null]);
    expect(await headers()).toEqual([429, '0', '00:00:03', null]);
    now += 2900;
    expect(await headers()).toEqual([200, '0', '00:00:03', null]);
    expect((await headers())[0]).toBe(429);
  });

  test('the refusal has the real body, and says Retry-After only if told to', async () => {
    const azure = emulator(smallTenant(), { quota: { limit: 0, windowMs: 5000 }, retryAfter: true });
    const response = await post(azure, { query: names });
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await codesOf(response)).toEqual(['RateLimiting', 'RateLimiting']);
  });
});
