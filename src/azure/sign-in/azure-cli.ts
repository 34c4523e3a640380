import { exec } from 'node:child_process';

/** The message of AzureCliCredential whenever `az` mentions `az login`; the reason is lost. */
const loginAdvice = /Please run 'az login' from a command prompt/;

/** True when `az` gave a reason that the SDK does not pass on, such as an expired federated token. */
export function hidesReason(error: unknown): boolean {
  return error instanceof Error && loginAdvice.test(error.message);
}

/**
 * The standard error of `az` when it is asked for a token as the SDK asks it; empty when it prints nothing.
 * With `--output none` no token is printed. The command holds nothing but our own words, and `az` is not looked for in
 * the current folder.
 */
export function askAzureCli(scope: string, timeout: number): Promise<string> {
  const resource = scope.replace(/\/\.default$/, '');
  const command = `az account get-access-token --output none --resource ${resource}`;
  const cwd = process.platform === 'win32' ? (process.env['SystemRoot'] ?? 'C:\\Windows') : '/bin';
  return new Promise((resolve) => {
    exec(command, { cwd, timeout }, (_, __, stderr) => {
      resolve(stderr);
    });
  });
}
