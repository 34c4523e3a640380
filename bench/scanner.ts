import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from './azure-process.ts';

/** The package, with the built program in `dist`. */
export const root = join(import.meta.dirname, '..');

/** Where runs leave their files. */
export const folder = mkdtempSync(join(tmpdir(), 'purgeproof-bench-'));

/** What one run of the built program took, from its start to its end. */
export interface Run {
  readonly ms: number;
  /** Peak resident memory of the process. */
  readonly megabytes: number;
  /** Processor time of the process, all threads together. */
  readonly cpuMs: number;
  readonly code: number | null;
}

/** The built program. */
export const program = join(root, 'dist/cli/bin.js');

/** Runs the built program as a user would; with an address it reaches the emulated Azure by TLS, and signs in there. */
export function runScanner(argv: readonly string[], address?: Address): Promise<Run> {
  return runNode([program, ...argv], address);
}

/** Runs Node.js as `runNode` does. Throws where the scan was refused: what that took means nothing. */
export async function runWhole(argv: readonly string[]): Promise<Run> {
  const run = await runNode(argv);
  // 3 is a scan of a list that may be the page of another.
  if (run.code !== null && [0, 1, 3].includes(run.code)) return run;
  throw new Error(`${argv.join(' ')} ended with ${run.code}`);
}

/** Runs Node.js with these arguments, in the surroundings of `runScanner`. */
async function runNode(argv: readonly string[], address?: Address): Promise<Run> {
  const usageFile = join(folder, 'usage');
  const preload = join(import.meta.dirname, 'usage.mjs');
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', preload, ...argv], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      BENCH_USAGE_FILE: usageFile,
      ...(address === undefined ? {} : wayTo(address)),
    },
  });
  const [code]: (number | null)[] = await once(child, 'close');
  const ms = performance.now() - started;
  const [kilobytes = 0, microseconds = 0] = readFileSync(usageFile, 'utf8').split(' ').map(Number);
  return { ms, megabytes: kilobytes / 1024, cpuMs: microseconds / 1000, code: code ?? null };
}

/** The variables by which a program of Azure reaches the emulated one, and signs in there. */
export function wayTo({
  proxyUrl,
  caFile,
  tenantId,
  clientId,
  clientSecret,
}: Address): Record<string, string> {
  return {
    HTTPS_PROXY: proxyUrl,
    NODE_EXTRA_CA_CERTS: caFile,
    AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential',
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
  };
}
