import { vaultPlane } from '../../src/azure/vault-plane.ts';
import { changeObjects } from '../../src/usecases/deleted.ts';
import { listDeletedObjects } from '../../src/usecases/deleted/list-objects.ts';
import { mortalRun } from './mortal.ts';

const [action = '', vaultId = '', ...argv] = process.argv.slice(2);
const { connection, request } = await mortalRun(argv);
const plane = vaultPlane(connection);
const address = { id: vaultId, name: 'kv-a', uri: 'https://kv-a.vault.azure.net/' };
const { deleted } = await listDeletedObjects(plane, { address, types: ['secret'] }, request.signal);
await changeObjects({
  ...request,
  action: action === 'purge' ? 'purge' : 'recover',
  objects: deleted,
  plane,
});
