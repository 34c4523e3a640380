import { UsageError } from '../model/errors.ts';

type Environment = Record<string, string | undefined>;

/** The variables from which the Azure SDKs take a proxy; the first that is set holds. */
const proxies = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'HTTP_PROXY', 'http_proxy'];

/**
 * Prepares the environment for the Azure SDKs, which read their proxy from it. NO_PROXY is read as the Azure CLI, curl and Go read
 * it: a domain stands for every host below it, and * for all; to the SDKs, it is one host, and * is none
 * (core-rest-pipeline 1.24.0: findings/no-proxy-of-a-domain.sh). Refuses a proxy that is not a URL, on which the SDKs would fail
 * without saying so. Never shows it: it may hold a password.
 */
export function adoptProxySettings(env: Environment): void {
  adoptNoProxy(env);
  const variable = firstSet(env, proxies);
  if (variable === undefined || isProxyUrl(env[variable] ?? '')) return;
  throw new UsageError(
    `The environment variable ${variable} is not the URL of an HTTP proxy.`,
    'Write it as http://HOST:PORT. A user and a password stand before the host as in any URL, with special characters percent-encoded (@ as %40, / as %2F, % as %25).',
  );
}

function adoptNoProxy(env: Environment): void {
  const variable = firstSet(env, ['NO_PROXY', 'no_proxy']);
  if (variable === undefined) return;
  const names = (env[variable] ?? '').split(',').map((name) => name.trim());
  if (names.every((name) => name === '*')) for (const proxy of proxies) delete env[proxy];
  const below = names.filter((name) => /^[^.*]/.test(name)).map((name) => `.${name}`);
  env[variable] = [...new Set([...names, ...below])].join(',');
}

function firstSet(env: Environment, variables: readonly string[]): string | undefined {
  return variables.find((name) => (env[name] ?? '') !== '');
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
