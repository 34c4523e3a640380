import { loopbackHttpClient } from '../../emulator/loopback.ts';
import { connect } from '../../src/azure/connection.ts';
import { currentIdentity } from '../../src/azure/permissions.ts';
import { vaultPlane } from '../../src/azure/vault-plane.ts';
import { armWriteSender } from '../../src/azure/write-sender.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { defaultRequestTimeoutMs } from '../../src/model/retry.ts';
import { wallClock } from '../../src/sources/wall-clock.ts';
import { changeObjects } from '../../src/usecases/deleted-objects.ts';
import { listDeletedObjects } from '../../src/usecases/deleted/list-objects.ts';
import { mortalJournal, mortalSender } from './mortal.ts';

const [action = '', vaultId = '', journalPath = '', url = '', tokens = '', crashPoint = 'none'] =
  process.argv.slice(2);
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
const plane = vaultPlane(connection);
const { signal } = new AbortController();
const address = { id: vaultId, name: 'kv-a', uri: 'https://kv-a.vault.azure.net/' };
const { deleted } = await listDeletedObjects(plane, { address, types: ['secret'] }, signal);
await changeObjects({
  tool: { name: 'purgeproof', version: '0.0.0' },
  action: action === 'purge' ? 'purge' : 'recover',
  objects: deleted,
  plane,
  sender: mortalSender(armWriteSender(connection, 1), crashPoint),
  journal: mortalJournal(journalFile(journalPath), crashPoint),
  identity: await currentIdentity(connection),
  clock: wallClock,
  requestTimeoutMs: defaultRequestTimeoutMs,
  signal,
});
