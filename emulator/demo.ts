import { join } from 'node:path';

import { main } from '../src/cli/main.ts';
import type { TextStream } from '../src/cli/status-line.ts';
import { processWorld, type World } from '../src/cli/world.ts';
import { demoDirectory } from './tenants/demo-directory.ts';
import { demoTenant, emulator, loopbackHttpClient, serve } from './index.ts';

const folder = 'purgeproof-report';
const root = join(import.meta.dirname, '..');

/**
 * Scans the demo tenant as a user would scan theirs: the whole program, the real SDKs, requests over loopback. Returns
 * 0 when the demonstration worked, which is when the scan and the plan saw the gap that is built into the tenant.
 */
async function demo(): Promise<number> {
  const tenant = { ...demoTenant(new Date()), directory: demoDirectory };
  const azure = emulator(tenant, { quota: 'unlimited' });
  const server = await serve(azure);
  const world = processWorld(root);
  const say = (text: string): Promise<void> => world.stdout.write(`${text}\n`);
  const overrides = { credential: azure.credential, httpClient: loopbackHttpClient(server.url) };
  try {
    await say(`A tenant with 12 subscriptions is served on ${server.url}; one of them is denied.`);
    await say('\n$ purgeproof scan\n');
    const files = [
      `json=${folder}/report.json`,
      `sarif=${folder}/purgeproof.sarif`,
      `markdown=${folder}/summary.md`,
    ];
    const outputs = ['table', ...files].flatMap((each) => ['--output', each]);
    const scanned = await capture(['scan', ...outputs], world, overrides);
    await say(worstOf(scanned.lines, 3));
    await say('\n$ purgeproof plan\n');
    const planned = await capture(['plan'], world, overrides);
    await say(excerpt(planned.lines, 3));
    await say(`\nReports: ${folder}/report.json, ${folder}/purgeproof.sarif, ${folder}/summary.md`);
    await say(`The scan returned ${scanned.code}: ${meanings[scanned.code] ?? 'an unknown code'}.`);
    return scanned.code === 3 && planned.code === 3 ? 0 : 1;
  } finally {
    await server.close();
  }
}

interface Captured {
  readonly code: number;
  readonly lines: readonly string[];
}

/** Runs a command, and keeps what it prints as on the terminal of the demonstration. */
async function capture(
  argv: readonly string[],
  world: World,
  overrides: Parameters<typeof main>[1],
): Promise<Captured> {
  const chunks: string[] = [];
  const { isTTY, columns } = world.stdout;
  const stdout: TextStream = {
    isTTY,
    columns: columns > 0 ? columns : 100,
    write: async (text) => void chunks.push(text),
  };
  const quiet: TextStream = { isTTY: false, columns: 0, write: async () => undefined };
  const code = await main({ ...world, argv, stdout, stderr: quiet }, overrides);
  return { code, lines: chunks.join('').trimEnd().split('\n') };
}

/** The title, the worst vaults, and the end of a table: from the counts to the result. */
function worstOf(lines: readonly string[], vaults: number): string {
  const heads = lines.flatMap((line, index) => (index > 1 && /^[^ ]/.test(line) ? [index] : []));
  const end = lines.findIndex((line) => line.startsWith('Verdicts'));
  return [...lines.slice(0, heads[vaults]), '…', '', ...lines.slice(end)].join('\n');
}

/** The beginning of a plan's first change, below the gap that the scan has named already, and its end: how much is to be done. */
function excerpt(lines: readonly string[], length: number): string {
  const [start, end] = [lines.indexOf('') + 1, lines.lastIndexOf('')];
  return [...lines.slice(start, start + length), '…', ...lines.slice(end)].join('\n');
}

const meanings: Readonly<Record<number, string>> = {
  0: 'complete, and nothing found',
  1: 'complete, with findings',
  2: 'the job could not be done',
  3: 'incomplete, since one subscription could not be read; findings of the others are above',
};

process.exitCode = await demo();
