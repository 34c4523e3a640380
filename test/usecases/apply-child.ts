import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { loopbackHttpClient } from '../../emulator/loopback.ts';
import { connect } from '../../src/azure/connection.ts';
import { risks } from '../../src/model/risk.ts';
import { currentIdentity } from '../../src/azure/permissions.ts';
import { defaultRequestTimeoutMs } from '../../src/model/retry.ts';
import { armWriteSender } from '../../src/azure/write-sender.ts';
import { parsePlan } from '../../src/remediation/plan-file.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { planLock } from '../../src/files/apply/file-lock.ts';
import { liveVaults } from '../../src/sources/open-vaults.ts';
import { wallClock } from '../../src/sources/wall-clock.ts';
import { apply } from '../../src/usecases/apply.ts';
import { mortalJournal, mortalSender } from './mortal.ts';

const [planPath = '', journalPath = '', url = '', token = '', crashPoint = 'none'] = process.argv.slice(2);
const connection = connect({
  cloud: 'AzureCloud',
  version: '0.0.0',
  credential: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
  httpClient: loopbackHttpClient(url),
});
const plan = parsePlan(readFileSync(planPath), planPath);
await apply({
  tool: { name: 'purgeproof', version: '0.0.0' },
  plan,
  lock: planLock({ file: planPath, hash: plan.hash, temporary: dirname(planPath) }),
  selection: { only: [], rules: [] },
  limits: { allow: risks, maxChanges: 25 },
  dryRun: false,
  vaults: liveVaults(connection),
  sender: mortalSender(armWriteSender(connection), crashPoint),
  journal: mortalJournal(journalFile(journalPath), crashPoint),
  identity: await currentIdentity(connection),
  clock: wallClock,
  requestTimeoutMs: defaultRequestTimeoutMs,
  signal: new AbortController().signal,
});
