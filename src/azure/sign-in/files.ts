/** The files that signing in may read, as the environment names them. */
export function signInFiles(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const names = ['AZURE_FEDERATED_TOKEN_FILE', 'AZURE_CLIENT_CERTIFICATE_PATH', 'NODE_EXTRA_CA_CERTS'];
  return names.map((name) => env[name] ?? '').filter((path) => path !== '');
}
