import { renameSync, writeFileSync } from 'node:fs';
import { demoTenant, emulator, startTlsProxy } from '../emulator/index.ts';
import { defaultPrincipal } from '../emulator/tenant.ts';

/**
 * Serves the demo tenant as if it were Azure until it is stopped, and writes to a file, as NAME=VALUE lines, the
 * environment in which a program reaches it.
 */
async function serveAzure(file: string): Promise<void> {
  const azure = emulator(demoTenant());
  const { proxyUrl, caFile } = await startTlsProxy(azure);
  const environment = {
    HTTPS_PROXY: proxyUrl,
    NODE_EXTRA_CA_CERTS: caFile,
    AZURE_TENANT_ID: azure.tenant.tenantId,
    AZURE_CLIENT_ID: defaultPrincipal.clientId,
    AZURE_CLIENT_SECRET: defaultPrincipal.clientSecret,
  };
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(`${file}.part`, lines.join(''));
  renameSync(`${file}.part`, file);
}

const [, , file] = process.argv;
if (file === undefined) throw new Error('usage: serve-azure.ts FILE');
await serveAzure(file);
