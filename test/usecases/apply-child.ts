import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { loopbackHttpClient } from '../../emulator/loopback.ts';
import { connect } from '../../src/azure/connection.ts';
import { currentIdentity } from '../../src/azure/identity.ts';
import type { JournalStore } from '../../src/model/journal.ts';
import { defaultRequestTimeoutMs } from '../../src/model/retry.ts';
import { risks } from '../../src/model/risk.ts';
import type { WriteSender } from '../../src/model/write-action.ts';
import { armWriteSender } from '../../src/azure/write-sender.ts';
import { parsePlan } from '../../src/remediation/plan-file.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { planLock } from '../../src/files/apply/plan-lock.ts';
import { liveVaults } from '../../src/sources/live-vaults.ts';
import { wallClock } from '../../src/sources/wall-clock.ts';
import { apply } from '../../src/usecases/apply.ts';

/** Where the process dies in the life of the journal. `in…`: half of the entry is on the disk. */
export type Death =
  | 'none'
  | 'beforeIntent'
  | 'inIntent'
  | 'afterIntent'
  | 'afterResponse'
  | 'beforeResult'
  | 'inResult'
  | 'afterResult';

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

function mortalJournal(store: JournalStore, death: string): JournalStore {
  return {
    ...store,
    async append(text) {
      const kind = text.includes('"kind":"intent"')
        ? 'Intent'
        : text.includes('"kind":"result"')
          ? 'Result'
          : 'Run';
      if (death === `before${kind}`) die();
      if (death === `in${kind}`) {
        await store.append(text.slice(0, text.length / 2));
        die();
      }
      await store.append(text);
      if (death === `after${kind}`) die();
    },
  };
}

function mortalSender(sender: WriteSender, death: string): WriteSender {
  return {
    async send(action, until) {
      const answer = await sender.send(action, until);
      if (death === 'afterResponse') die();
      return answer;
    },
  };
}

const [planPath = '', journalPath = '', url = '', token = '', death = 'none'] = process.argv.slice(2);
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
  sender: mortalSender(armWriteSender(connection), death),
  journal: mortalJournal(journalFile(journalPath), death),
  identity: await currentIdentity(connection),
  clock: wallClock,
  requestTimeoutMs: defaultRequestTimeoutMs,
  signal: new AbortController().signal,
});
