import { armRecycleBin } from '../../src/azure/recycle-bin.ts';
import { liveVaults } from '../../src/sources/open-vaults.ts';
import { changeRecycleBin } from '../../src/usecases/deleted.ts';
import { mortalRun } from './mortal.ts';

const [action = '', subscriptionId = '', ...argv] = process.argv.slice(2);
const { connection, request } = await mortalRun(argv);
const recycleBin = armRecycleBin(connection);
await changeRecycleBin({
  ...request,
  action: action === 'purge' ? 'purge' : 'recover',
  deleted: await recycleBin.list(subscriptionId, 'Microsoft.KeyVault/vaults', request.signal),
  vaults: liveVaults(connection),
  recycleBin,
});
