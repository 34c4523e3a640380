import { loopbackHttpClient } from '../../emulator/loopback.ts';
import { connect } from '../../src/azure/connect.ts';
import { currentIdentity } from '../../src/azure/permissions.ts';
import { armWriteSender } from '../../src/azure/write.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import type { WriteSender } from '../../src/model/arm-ports.ts';
import type { JournalStore } from '../../src/model/journal.ts';
import { defaultRequestTimeoutMs } from '../../src/model/retry.ts';
import { wallClock } from '../../src/sources/wall-clock.ts';

/** The points at which the process may die, by the entry of the journal. `in…`: half of the entry is on the disk. */
export const crashPoints = [
  'beforeIntent',
  'inIntent',
  'afterIntent',
  'afterResponse',
  'beforeResult',
  'inResult',
  'afterResult',
] as const;

/** One of these. */
export type CrashPoint = (typeof crashPoints)[number];

/**
 * A connection over the loopback, and the parts of a request by which its run dies. The arguments: the journal, the address,
 * the tokens for ARM and for vaults, and the point.
 */
export async function mortalRun([journal = '', url = '', tokens = '', crashPoint = '']: readonly string[]) {
  const [forArm = '', forVaults = ''] = tokens.split(' ');
  const connection = connect({
    cloud: 'AzureCloud',
    version: '0.0.0',
    credential: {
      getToken: async (scopes) => {
        const token = String(scopes).includes('vault') ? forVaults : forArm;
        return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    },
    httpClient: loopbackHttpClient(url),
  });
  return {
    connection,
    request: {
      tool: { name: 'purgeproof', version: '0.0.0' },
      sender: mortalSender(armWriteSender(connection, 1), crashPoint),
      journal: mortalJournal(journalFile(journal), crashPoint),
      identity: await currentIdentity(connection),
      clock: wallClock,
      requestTimeoutMs: defaultRequestTimeoutMs,
      signal: new AbortController().signal,
    },
  };
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** A journal in which the process dies. */
function mortalJournal(store: JournalStore, crashPoint: string): JournalStore {
  return {
    ...store,
    async append(text) {
      const kind = text.includes('"kind":"intent"')
        ? 'Intent'
        : text.includes('"kind":"result"')
          ? 'Result'
          : 'Run';
      if (crashPoint === `before${kind}`) die();
      if (crashPoint === `in${kind}`) {
        await store.append(text.slice(0, text.length / 2));
        die();
      }
      await store.append(text);
      if (crashPoint === `after${kind}`) die();
    },
  };
}

/** Sends, and dies once the answer is there. */
function mortalSender(sender: WriteSender, crashPoint: string): WriteSender {
  return {
    async send(action, until) {
      const answer = await sender.send(action, until);
      if (crashPoint === 'afterResponse') die();
      return answer;
    },
  };
}
