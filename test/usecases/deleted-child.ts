import { loopbackHttpClient } from '../../emulator/loopback.ts';
import { connect } from '../../src/azure/connection.ts';
import { currentIdentity } from '../../src/azure/permissions.ts';
import { armRecycleBin } from '../../src/azure/recycle-bin.ts';
import { armWriteSender } from '../../src/azure/write-sender.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { defaultRequestTimeoutMs } from '../../src/model/retry.ts';
import { liveVaults } from '../../src/sources/open-vaults.ts';
import { wallClock } from '../../src/sources/wall-clock.ts';
import { changeRecycleBin } from '../../src/usecases/deleted.ts';
import { mortalJournal, mortalSender } from './mortal.ts';

const [action = '', subscriptionId = '', journalPath = '', url = '', token = '', crashPoint = 'none'] =
  process.argv.slice(2);
const connection = connect({
  cloud: 'AzureCloud',
  version: '0.0.0',
  credential: { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
  httpClient: loopbackHttpClient(url),
});
const recycleBin = armRecycleBin(connection);
const { signal } = new AbortController();
await changeRecycleBin({
  tool: { name: 'purgeproof', version: '0.0.0' },
  action: action === 'purge' ? 'purge' : 'recover',
  deleted: await recycleBin.list(subscriptionId, 'Microsoft.KeyVault/vaults', signal),
  vaults: liveVaults(connection),
  recycleBin,
  sender: mortalSender(armWriteSender(connection, 1), crashPoint),
  journal: mortalJournal(journalFile(journalPath), crashPoint),
  identity: await currentIdentity(connection),
  clock: wallClock,
  requestTimeoutMs: defaultRequestTimeoutMs,
  signal,
});
