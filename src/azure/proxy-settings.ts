import { UsageError } from '../model/errors.ts';

/** The variables from which the Azure SDKs take a proxy; the first that is set holds. */
const variables = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'];

/** Refuses a proxy that is not a URL, on which the SDKs would fail without saying so. Never shows it: it may hold a password. */
export function checkProxySettings(env: Readonly<Record<string, string | undefined>>): void {
  const variable = variables.find((name) => (env[name] ?? '') !== '');
  if (variable === undefined || isProxyUrl(env[variable] ?? '')) return;
  throw new UsageError(
    `The environment variable ${variable} is not the URL of an HTTP proxy.`,
    'Write it as http://HOST:PORT. A user and a password stand before the host as in any URL, with special characters percent-encoded (@ as %40, / as %2F, % as %25).',
  );
}

function isProxyUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && [username, password].every(isEncoded);
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
