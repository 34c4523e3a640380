import { describe, expect, test } from 'vitest';
import type { Fault } from '../../emulator/index.ts';
import { readReport } from '../cli/run.ts';
import { caseStage, caseText, subscription } from './answers.ts';

const graph = /\/providers\/Microsoft\.ResourceGraph\//;
const vaults = /\/vaults\/kv-a$/;
const scan = 'scan --rule AKV002 --output json';

/** Bodies that no service of Azure sends with an error, and what is told of them. */
const oddBodies: readonly [name: string, body: string, told: string][] = [
  ['an empty object (case B1)', caseText('B1-odd-error-body', 'answer.json').trim(), '{}'],
  ['a message alone', '{"message":"slow down"}', 'slow down'],
  ['an error that is null', '{"error":null}', '{"error":null}'],
  ['an error that is a text', '{"error":"slow down"}', 'slow down'],
  ['an error without a code', '{"error":{"message":"slow down"}}', 'slow down'],
  ['API Management', '{ "statusCode": 429, "message": "Rate limit is exceeded." }', 'Rate limit is exceeded'],
  ['ASP.NET', '{"Message":"An error has occurred."}', 'An error has occurred'],
  ['problem details', '{"type":"about:blank","title":"Too busy","status":503}', 'Too busy'],
  ['OAuth', '{"error":"temporarily_unavailable","error_description":"not now"}', 'not now'],
  ['Apigee', '{"fault":{"faultstring":"Spike arrest violation"}}', 'Spike arrest violation'],
  ['a list', '[{"error":{"message":"slow down"}}]', 'slow down'],
  ['an empty list', '[]', '[]'],
  ['null', 'null', 'null'],
  ['a number', '42', '42'],
  ['HTML', caseText('D5-proxy-403', 'answer.html'), 'a page titled "Access Denied"'],
  ['HTML without a title', '<html><body><h1>502 &amp; gone</h1></body></html>', 'a page titled "502 & gone"'],
  ['HTML that breaks off', '<html><head><tit', 'HTTP'],
  ['XML', '<Error><Code>Busy</Code><Message>Try later</Message></Error>', 'Busy: Try later'],
  ['text', 'upstream connect error', '"upstream connect error"'],
  ['nothing', '', 'an empty body'],
  ['JSON that breaks off', '{"error":{"code":"Busy",', 'Busy'],
  ['a megabyte', `<p>${'long '.repeat(200_000)}</p>`, 'long long'],
];

const stackTrace = /^\s+at |This is a bug/m;

describe.for(oddBodies)('an error answer with %s for its body', ([, text, told]) => {
  const answer = (status: number, match: Fault['match'] = {}, times = 1e6): Fault => {
    return { kind: 'status', status, text, match, times };
  };

  test.for([429, 500, 502, 503, 504, 408])(
    '%i is retried, everywhere, and leaves no mark',
    async (status) => {
      const stage = caseStage('B1-odd-error-body');
      stage.azure.inject({ kind: 'status', status, text, retryAfter: 1, match: { path: graph } });
      stage.azure.inject(answer(status, { path: /\/subscriptions$/ }, 1));
      const { code, stdout, stderr } = await stage.purgeproof(scan);
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(readReport(stdout)).toMatchObject({ complete: true, summary: { nonCompliant: 1 } });
    },
  );

  test.for<[string, RegExp, number, string]>([
    ['Resource Graph, refused', graph, 403, ''],
    ['Resource Graph, failing', graph, 503, ''],
    ['the list of subscriptions, refused', /\/subscriptions$/, 403, ''],
    ['the list of subscriptions, failing', /\/subscriptions$/, 502, ''],
    ['a management group', /\/descendants$/, 500, ' --management-group mg'],
  ])('of %s, always: an error or a gap with status and words', async ([, path, status, more]) => {
    const stage = caseStage('B1-odd-error-body');
    stage.azure.inject(answer(status, { path }));
    const { code, stdout, stderr } = await stage.purgeproof(`${scan}${more}`);
    expect([2, 3]).toContain(code);
    const words = `${stdout}${stderr}`.replaceAll('\\"', '"');
    expect(words).toContain(`HTTP ${status}`);
    expect(words).toContain(told);
    expect(words).not.toMatch(stackTrace);
    expect(words).not.toMatch(/role assignment create|role Reader/);
  });

  test('a vault that cannot be read for planning, and a write that is refused', async () => {
    const stage = caseStage('B1-odd-error-body');
    const plan = 'plan --rule AKV002 --out plan.json';
    stage.azure.inject(answer(418, { method: 'GET', path: vaults }, 1));
    const unread = await stage.purgeproof(plan);
    expect(unread.code).toBe(3);
    expect(unread.stderr).toContain('HTTP 418');
    expect(await stage.purgeproof(plan)).toMatchObject({ code: 1 });
    stage.azure.inject(answer(403, { method: 'PATCH' }));
    const applied = await stage.purgeproof('apply plan.json --allow irreversible --yes --output json');
    expect(applied.code).toBe(1);
    const [result] = JSON.parse(applied.stdout).results;
    expect(result).toMatchObject({ outcome: 'failed', sent: true });
    expect(result.cause).toContain('HTTP 403');
    expect(result.cause).toContain(told);
    expect(`${result.cause} ${result.hint}`).not.toMatch(/The right|assigned|az login|bug/);
    // At once: it is not sent a second time (case D5).
    expect(stage.count('PATCH')).toBe(1);
  });
});

test('a named subscription behind a filter is not said to lack a role', async () => {
  const stage = caseStage('B1-odd-error-body');
  const other = 'bbbbbbbb-0000-4000-8000-000000000009';
  stage.azure.inject({
    kind: 'status',
    status: 403,
    text: caseText('D5-proxy-403', 'answer.html'),
    match: { path: new RegExp(`/subscriptions/${other}$`) },
  });
  const { code, stdout } = await stage.purgeproof(
    `${scan} --subscription ${subscription} --subscription ${other}`,
  );
  expect(code).toBe(3);
  const gap = readReport(stdout).unreadable.find(({ scope }) => scope.includes(other));
  expect(gap?.reason).toContain('a page titled "Access Denied"');
  expect(gap?.hint).not.toContain('role assignment');
});

test('a proxy that wants a password says so', async () => {
  const stage = caseStage('B1-odd-error-body');
  stage.azure.inject({
    kind: 'status',
    status: 407,
    text: '<html><head><title>Proxy Authentication Required</title></head></html>',
    times: 1e6,
  });
  const { code, stderr } = await stage.purgeproof(scan);
  expect(code).toBe(2);
  expect(stderr).toContain('HTTP 407');
  expect(stderr).toContain('HTTPS_PROXY');
  expect([stage.count('GET'), stage.count('POST')]).toEqual([1, 1]);
});

test('an answer of 200 with fields of the wrong kind is tried again', async () => {
  const stage = caseStage('B1-odd-error-body');
  for (const body of [{ totalRecords: 1, data: [], facets: {} }, [], null, { data: {} }])
    stage.azure.inject({ kind: 'status', status: 200, body, match: { path: graph } });
  stage.azure.inject({
    kind: 'status',
    status: 200,
    body: { value: [], nextLink: 'http://[' },
    match: { path: /\/subscriptions$/ },
  });
  expect(await stage.purgeproof(scan)).toMatchObject({ code: 1, stderr: '' });
});
