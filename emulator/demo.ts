import { join } from 'node:path';

import { main } from '../src/cli/main.ts';
import { processWorld } from '../src/cli/world.ts';
import { demoDirectory } from './tenants/demo-directory.ts';
import { demoTenant, emulator, loopbackHttpClient, serve } from './index.ts';

const folder = 'purgeproof-report';
const root = join(import.meta.dirname, '..');

/**
 * Scans the demo tenant as a user would scan theirs: the whole program, the real SDKs, requests over loopback. Returns
 * 0 when the demonstration worked, which is when the scans and the list saw the gaps that are built into the tenant, and the vault
 * showed what is deleted in it.
 */
async function demo(): Promise<number> {
  const azure = emulator({ ...demoTenant(new Date()), directory: demoDirectory });
  const server = await serve(azure);
  const world = processWorld(root);
  const say = (text: string): Promise<void> => world.stdout.write(`${text}\n`);
  try {
    await say(`A tenant with 12 subscriptions is served on ${server.url}; one subscription is denied to us.`);
    await say('$ purgeproof scan\n');
    const outputs = ['table', `json=${folder}/report.json`, `sarif=${folder}/purgeproof.sarif`];
    const argv = [
      'scan',
      ...[...outputs, `markdown=${folder}/summary.md`].flatMap((each) => ['--output', each]),
    ];
    const overrides = { credential: azure.credential, httpClient: loopbackHttpClient(server.url) };
    const code = await main({ ...world, argv }, overrides);
    await say(`\nReports: ${folder}/report.json, ${folder}/purgeproof.sarif, ${folder}/summary.md`);
    await say(`The scan itself returned ${code}: ${meanings[code] ?? 'an unknown code'}.`);
    await say('\n$ purgeproof deleted list\n');
    const listed = await main({ ...world, argv: ['deleted', 'list'] }, overrides);
    await say('\n$ purgeproof deleted objects list kv-web-dev\n');
    const inside = await main({ ...world, argv: ['deleted', 'objects', 'list', 'kv-web-dev'] }, overrides);
    const rules = ['AKV301', 'AKV302'].flatMap((id) => ['--rule', id]);
    const objects = ['scan', '--include', 'objects', ...rules, '--subscription', 'sandbox-training'];
    await say(`\n$ purgeproof ${objects.join(' ')}\n`);
    const judged = await main({ ...world, argv: objects }, overrides);
    const whoCan = ['who-can', 'purge', '--subscription', 'sandbox-training'];
    await say(`\n$ purgeproof ${whoCan.join(' ')}\n`);
    const able = await main({ ...world, argv: whoCan }, overrides);
    return [code, listed, judged].every((each) => each === 3) && inside === 1 && able === 1 ? 0 : 1;
  } finally {
    await server.close();
  }
}

const meanings: Readonly<Record<number, string>> = {
  0: 'complete, and nothing found',
  1: 'complete, with findings',
  2: 'the job could not be done',
  3: 'incomplete, since one subscription could not be read; findings of the others are above',
};

process.exitCode = await demo();
