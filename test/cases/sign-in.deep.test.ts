import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpHeaders, type HttpClient, RestError } from '@azure/core-rest-pipeline';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cloudEndpoints } from '../../src/azure/cloud-endpoints.ts';
import { signIn } from '../../src/azure/sign-in/credential.ts';
import { tellingLine } from '../../src/azure/sign-in/reasons.ts';
import { record } from '../action/recording.ts';
import { run, type Outcome } from '../cli/run.ts';

const cases = join(import.meta.dirname, '../fixtures/cases');
const tenantId = '99999999-9999-4999-8999-999999999999';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'purgeproof-sign-in-'));
  // Whoever runs this may be signed in, in many ways.
  for (const name of Object.keys(process.env))
    if (/^(?:AZURE_|IDENTITY_|MSI_|IMDS_)/.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const unreachable: HttpClient = {
  sendRequest: (request) =>
    Promise.reject(new RestError('getaddrinfo ENOTFOUND', { code: 'ENOTFOUND', request })),
};

/** A token endpoint that answers everything with this. */
function answering(status: number, bodyAsText: string): HttpClient {
  return { sendRequest: async (request) => ({ request, status, headers: createHttpHeaders(), bodyAsText }) };
}

function az(script: string): void {
  writeFileSync(join(folder, 'az'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function azOf(name: string): void {
  az(readFileSync(join(cases, name, 'az'), 'utf8').replace(/^#!.*/, ''));
}

/** A scan with the SDK's own credentials; exit 2, nothing on standard output, no stack. */
async function scan(httpClient = unreachable): Promise<Outcome> {
  const outcome = await run(['scan'], { cwd: folder, azure: { httpClient } });
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(outcome.stderr).not.toMatch(/^\s+at /m);
  return outcome;
}

function useFederatedToken(content: string | undefined): void {
  const file = join(folder, 'token.txt');
  if (content !== undefined) writeFileSync(file, content);
  vi.stubEnv('AZURE_FEDERATED_TOKEN_FILE', file);
  vi.stubEnv('AZURE_TENANT_ID', tenantId);
  vi.stubEnv('AZURE_CLIENT_ID', '11111111-1111-4111-8111-111111111111');
}

describe.each(['AzureCliCredential', 'dev'])('AZURE_TOKEN_CREDENTIALS=%s', (chosen) => {
  beforeEach(() => vi.stubEnv('AZURE_TOKEN_CREDENTIALS', chosen));

  test.for<[string, string, RegExp]>([
    ['D7-az-not-signed-in', "Please run 'az login' to setup account.", /^Sign in:\n {2}az login$/m],
    ['D8-az-broken', "ModuleNotFoundError: No module named 'azure'", /^The Azure CLI itself fails/m],
    ['D9-az-token-expired', 'AADSTS700024: Client assertion is not within', /sign in later in the job/],
    ['D10-guest', "AADSTS50020: User account 'guest-account'", /az login --tenant <tenant>/],
  ])('%s', async ([name, reason, hint]) => {
    azOf(name);
    const { stderr } = await scan();
    expect(stderr).toContain(`error: could not sign in to Azure: ${reason}`);
    expect(stderr).toMatch(hint);
    expect(stderr).not.toContain('no credential was found');
  });

  test.for<[string, string, RegExp]>([
    [
      'a warning before the error',
      'echo "WARNING: A new release of Azure CLI is available." >&2; echo "ERROR: Tenant shall not be null" >&2; exit 1',
      /Azure: Tenant shall not be null\n/,
    ],
    [
      'a permission that az lacks',
      `printf 'ERROR: The command failed with an unexpected error.\\nTraceback (most recent call last):\\n  File "x.py", line 1\\n    open()\\nPermissionError: [Errno 13] Permission denied: cache.json\\nTo check existing issues, please visit: https://example.org\\n' >&2; exit 1`,
      /Azure: PermissionError: \[Errno 13\] Permission denied: cache\.json\n/,
    ],
    [
      'two factors',
      'echo "ERROR: AADSTS50076: Due to a configuration change you must use multi-factor authentication. Run: az login" >&2; exit 1',
      /Azure: AADSTS50076: [^]*second factor/,
    ],
    ['no token and no word', 'exit 0', /Azure: az printed no token\n/],
    ['a token as a reason', 'echo "ERROR: refused Bearer eyJhbGciOi.eyJzdWIi.c2ln" >&2; exit 1', /REDACTED/],
  ])('%s', async ([, script, expected]) => {
    az(script);
    expect((await scan()).stderr).toMatch(expected);
  });
});

test('D11: az that does not answer is told so', async () => {
  azOf('D11-az-hangs');
  vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'AzureCliCredential');
  const credential = signIn(cloudEndpoints.AzureCloud, { httpClient: unreachable, toolTimeoutMs: 500 });
  await expect(credential.getToken('https://management.azure.com/.default')).rejects.toMatchObject({
    message: 'could not sign in to Azure: az did not answer within 1 seconds',
    hint: expect.stringContaining('az account get-access-token'),
  });
});

describe('D6: the token endpoint refuses', () => {
  const answer = readFileSync(join(cases, 'D6-subject-letter-case/answer.json'), 'utf8');
  const refusal = (code: string): string =>
    JSON.stringify({ error: 'invalid_grant', error_description: `${code}: no. Trace ID: 1` });

  beforeEach(() => {
    useFederatedToken('made.up.token');
    // A managed identity does not ask the client that it is given: it would reach the real network.
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'WorkloadIdentityCredential');
  });

  test('since the subject differs in letter case', async () => {
    const { stderr } = await scan(answering(401, answer));
    expect(stderr).toContain('error: could not sign in to Azure: AADSTS7002138: No matching federated');
    expect(stderr).toContain("subject 'repo:Acme/Vaults:ref:refs/heads/main'");
    expect(stderr).toMatch(/differ in letter case alone/);
    expect(stderr).not.toContain('Not Available');
  });

  test.for([
    ['AADSTS700213', /compare its issuer, subject and audience/],
    ['AADSTS50020', /az login --tenant <tenant>/],
    ['AADSTS700016', /check AZURE_CLIENT_ID/],
    ['AADSTS9999999', /AZURE_TOKEN_CREDENTIALS/],
  ] as const)('%s', async ([code, hint]) => {
    const { stderr } = await scan(answering(400, refusal(code)));
    expect(stderr).toContain(`Azure: ${code}: no.`);
    expect(stderr).toMatch(hint);
  });

  test.for([
    [
      'with a page',
      403,
      '<!DOCTYPE html><html><head><title>Access denied</title></head></html>',
      'the page "Access denied"',
    ],
    ['with nothing', 407, '', 'no answer of its own'],
  ] as const)('a proxy answers %s', async ([, status, page, words]) => {
    const { stderr } = await scan(answering(status, page));
    expect(stderr).toContain(`answered with status ${status} and ${words}`);
    expect(stderr).toMatch(/^Check HTTPS_PROXY/m);
  });
});

describe('a federated token file', () => {
  test.for<[string, () => void, RegExp]>([
    [
      'that is missing',
      () => useFederatedToken(undefined),
      /token\.txt cannot be read: there is no such file/,
    ],
    ['that is empty', () => useFederatedToken(''), /token\.txt is empty/],
    ['of white space', () => useFederatedToken(' \n'), /token\.txt is empty/],
    [
      'that is a folder',
      () => {
        useFederatedToken(undefined);
        vi.stubEnv('AZURE_FEDERATED_TOKEN_FILE', folder);
      },
      /cannot be read: it is a folder/,
    ],
    [
      'without a name',
      () => {
        useFederatedToken(undefined);
        vi.stubEnv('AZURE_FEDERATED_TOKEN_FILE', '');
      },
      /WorkloadIdentityCredential needs AZURE_FEDERATED_TOKEN_FILE/,
    ],
  ])('%s', async ([, prepare, expected]) => {
    prepare();
    const { stderr } = await scan();
    expect(stderr).toMatch(expected);
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'WorkloadIdentityCredential');
    expect((await scan()).stderr).toMatch(expected);
  });
});

describe('the environment', () => {
  test.for([
    ['azurecli', /AZURE_TOKEN_CREDENTIALS is "azurecli", which names no credential/],
    ['AzureCliCredentials', /Did you mean AzureCliCredential\?/],
    ['dev,prod', /"dev,prod"/],
  ] as const)('AZURE_TOKEN_CREDENTIALS=%s is refused', async ([value, message]) => {
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', value);
    const { stderr } = await scan();
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^Accepted values: dev, prod, EnvironmentCredential, .*AzureCliCredential/m);
  });

  test('in the action as well', async () => {
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'azurecli');
    const { code, annotations } = await record({}, folder);
    expect(code).toBe(2);
    expect(annotations[0]?.message).toContain('Accepted values: dev, prod');
  });

  test.each([' azureclicredential ', 'DEV'])('%s is understood as the SDK does', async (value) => {
    azOf('D7-az-not-signed-in');
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', value);
    expect((await scan()).stderr).toContain('az login');
  });

  test('a tenant that is none is told, although the chain passes over it', async () => {
    vi.stubEnv('AZURE_TENANT_ID', 'contoso/onmicrosoft');
    vi.stubEnv('AZURE_CLIENT_ID', 'x');
    vi.stubEnv('AZURE_CLIENT_SECRET', 'y');
    expect((await scan()).stderr).toMatch(/Invalid tenant id provided[^]*Set AZURE_TENANT_ID/);
  });

  test('a certificate that is missing', async () => {
    vi.stubEnv('AZURE_TENANT_ID', tenantId);
    vi.stubEnv('AZURE_CLIENT_ID', 'x');
    vi.stubEnv('AZURE_CLIENT_CERTIFICATE_PATH', '/nowhere.pem');
    expect((await scan()).stderr).toContain("ENOENT: no such file or directory, open '/nowhere.pem'");
  });

  test('several reasons are told by their credentials; what is not set up here is none', async () => {
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'dev');
    azOf('D8-az-broken');
    writeFileSync(join(folder, 'azd'), '#!/bin/sh\necho "ERROR: no such environment" >&2; exit 1\n', {
      mode: 0o755,
    });
    const { stderr } = await scan();
    expect(stderr).toContain(
      "no credential works\n  AzureCliCredential: ModuleNotFoundError: No module named 'azure'\n  AzureDeveloperCliCredential: no such environment\n",
    );
    expect(stderr).not.toMatch(/Visual Studio|PowerShell|Broker/);
  });

  test('with nothing set up at all', async () => {
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'dev');
    const { stderr } = await scan();
    expect(stderr).toContain('error: could not sign in to Azure: no credential was found');
    expect(stderr).toMatch(/^Sign in with\n {2}az login\nor set/m);
  });
});

test('a refused connection is reported, though the time for the request is up before the sign-in gives up', async () => {
  vi.stubEnv('AZURE_TENANT_ID', tenantId);
  vi.stubEnv('AZURE_CLIENT_ID', 'client');
  vi.stubEnv('AZURE_CLIENT_SECRET', 'secret');
  // Nothing listens on the port for discarded bytes.
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
  const { code, stderr } = await run(['scan', '--request-timeout', '1s'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain('no answer from the network (connect ECONNREFUSED 127.0.0.1:9)');
});

test.for([
  ['one\ntwo', 'one'],
  ['', ''],
  ['Traceback (most recent call last):\n  File "x"\n', 'Traceback (most recent call last):'],
  [
    'Traceback (most recent call last):\n  File "x"\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "y"\nValueError: 2\n',
    'ValueError: 2',
  ],
  ['ERROR: AADSTS1: first\nAADSTS2: second', 'AADSTS1: first'],
  [`ERROR: ${'x'.repeat(10_000)}`, `${'x'.repeat(500)}…`],
] as const)('the telling line of %j', ([text, line]) => {
  expect(tellingLine(text)).toBe(line);
});
