import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClientLogger, setLogLevel } from '@azure/logger';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connect } from '../../src/azure/connect.ts';
import { redact } from '../../src/reporters/text/redaction.ts';
import { describeFailure } from '../../src/usecases/describe-failure.ts';
import { record } from '../action/recording.ts';
import { run } from '../cli/run.ts';

afterEach(() => void vi.unstubAllEnvs());

const credential = { getToken: async () => ({ token: 'a.b.c', expiresOnTimestamp: Date.now() + 3_600_000 }) };

/** Waiting takes no time. */
const hurriedClock = { now: () => 0, sleep: async () => undefined, random: () => 0 };

/** Nothing listens on port 9; the SDK logs the proxy with each request all the same. */
function stubProxy(url: string): void {
  for (const name of ['HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, url);
}

describe('the debug log hides the user part of URLs', () => {
  test.for([
    'http://svc-user:made-up-password@127.0.0.1:9/',
    'http://svc-user:made-up%40password@127.0.0.1:9',
    'http://made-up-password@127.0.0.1:9',
  ])('of the proxy %s (case B7)', async (proxy) => {
    stubProxy(proxy);
    const scan = async (flag: string) =>
      run(['scan', flag, '--request-timeout', '1s'], { azure: { credential } });
    const { stderr } = await scan('--debug=full');
    expect(stderr).toContain('http://REDACTED@127.0.0.1:9');
    expect(stderr).not.toMatch(/svc-user|made-up/);
    const lines = await scan('--debug');
    expect(lines.stderr).toMatch(/^(?:GET|POST) management\.azure\.com\/\S+ failed \(E\w+\) in \d+ ms, /m);
    expect(lines.stderr).not.toMatch(/svc-user|made-up/);
  });

  test('in a workflow with RUNNER_DEBUG', async () => {
    stubProxy('http://svc-user:made-up-password@127.0.0.1:9/');
    const env = { RUNNER_DEBUG: '1', INPUT_SUBSCRIPTIONS: 'one' };
    const workspace = mkdtempSync(join(tmpdir(), 'purgeproof-secrets-'));
    const { debug } = await record(env, workspace, { credential, clock: hurriedClock });
    expect(debug.join('\n')).toContain('http://REDACTED@127.0.0.1:9');
    expect(debug.join('\n')).not.toMatch(/svc-user|made-up/);
  });
});

test('the debug log holds nothing that a terminal or a workflow obeys, line by line', () => {
  const lines: string[] = [];
  connect({ cloud: 'AzureCloud', version: '0', credential, debug: (line) => lines.push(line) });
  const log = createClientLogger('test');
  log.info('first\u001B[31m red\u0007\n::error::second\r\n##[error]third\u202E');
  expect(lines).toHaveLength(3);
  // oxlint-disable-next-line no-control-regex
  expect(lines.join('')).not.toMatch(/[\u0000-\u001F\u007F\u202E]/);
  expect(lines[1]).not.toMatch(/^::/);
  expect(lines[2]).not.toContain('##[');
});

test('the log that AZURE_LOG_LEVEL asks for is redacted, too', () => {
  const written: string[] = [];
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  connect({ cloud: 'AzureCloud', version: '0', credential });
  setLogLevel('info');
  createClientLogger('test').info('Bearer abc.def and https://u:hush@h/x?sig=hush');
  stderr.mockRestore();
  expect(written.join('')).toContain('https://REDACTED@h/x?sig=REDACTED');
});

describe('what is redacted', () => {
  test.for([
    ['proxy http://u:p@ss@host:8080/x', 'proxy http://REDACTED@host:8080/x'],
    ['http://u:pa/ss@host/', 'http://REDACTED@host/'],
    ['socks5h://u:p@host and ftp://me@host', 'socks5h://REDACTED@host and ftp://REDACTED@host'],
    ['"http://u:p@h/", "http://v:q@h/"', '"http://REDACTED@h/", "http://REDACTED@h/"'],
    ['https://host:443/users/a@b.c?x=@', 'https://host:443/users/a@b.c?x=@'],
    ['https://host/packages/@scope/name', 'https://host/packages/@scope/name'],
    [
      'https://a.blob.core.windows.net/c?sv=2024-01-01&se=2026&sr=b&sig=ab%2Bcd%3D&x=1',
      'https://a.blob.core.windows.net/c?sv=2024-01-01&se=2026&sr=b&sig=REDACTED&x=1',
    ],
    [String.raw`"url": "https://h/?a=1\u0026sig=abc"`, String.raw`"url": "https://h/?a=1\u0026sig=REDACTED"`],
    ['https://h/?next=https%3A%2F%2Fb%3Fsig%3Dabc', 'https://h/?next=https%3A%2F%2Fb%3Fsig%3DREDACTED'],
    ['https://h/?X-Amz-Signature=abc&y=1', 'https://h/?X-Amz-Signature=REDACTED&y=1'],
    ['AccountName=n;AccountKey=abc==;x=1', 'AccountName=n;AccountKey=REDACTED;x=1'],
    [String.raw`{"password": "a\"b", "user": "u"}`, '{"password": REDACTED, "user": "u"}'],
    ['design=1 and assigned=2', 'design=1 and assigned=2'],
  ] as const)('%s', ([given, expected]) => {
    expect(redact(given)).toBe(expected);
  });

  test('in errors of every kind', () => {
    const text = describeFailure(new TypeError('Invalid URL http://u:hush@h'));
    expect(text).toContain('http://REDACTED@h');
    expect(text).not.toContain('hush');
  });
});

describe('a proxy that is no URL is refused by its variable, without its password', () => {
  test.for(['proxy.example:8080', 'foo', 'http://u:hush%zz@h', 'socks5://u:hush@h:1', 'http://u:hu#sh@h'])(
    '%s',
    async (proxy) => {
      stubProxy(proxy);
      const { code, stderr } = await run(['scan'], { azure: { credential } });
      expect(code).toBe(2);
      expect(stderr).toContain('HTTPS_PROXY is not the URL of an HTTP proxy');
      expect(stderr).not.toMatch(/hu#?sh|This is a bug/);
    },
  );
});
