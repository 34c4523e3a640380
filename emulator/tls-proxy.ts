import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { generate } from 'selfsigned';
import { closeServer, socketHandler, type Served } from './connection.ts';

/** A proxy that takes the place of Azure. `caFile` is for NODE_EXTRA_CA_CERTS, `proxyUrl` for HTTPS_PROXY. */
export interface TlsProxy {
  readonly proxyUrl: string;
  readonly caFile: string;
  /** Resolves when every client has hung up, so that whatever they sent has been read. */
  readonly hungUp: () => Promise<void>;
  readonly close: () => Promise<void>;
}

// One certificate for all hosts: who trusts it needs no CA besides.
const hosts = [
  '*.azure.com',
  '*.usgovcloudapi.net',
  '*.chinacloudapi.cn',
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  '*.vault.azure.net',
  '*.vault.usgovcloudapi.net',
  '*.vault.azure.cn',
  '*.managedhsm.azure.net',
];

/**
 * Serves an emulator as if it were Azure, to programs that know nothing of it: an HTTP CONNECT proxy on 127.0.0.1
 * that ends TLS with a certificate made for the occasion. Hosts that are not Azure's are refused with 502.
 */
export async function startTlsProxy(served: Served): Promise<TlsProxy> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'purgeproof emulator' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), 'purgeproof-proxy-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, cert);
  const azure = createAdaptorServer({
    fetch: socketHandler(served),
    createServer: createTlsServer,
    serverOptions: { key, cert },
  });
  const sockets = new Set<Socket | Duplex>();
  const proxy = createHttpServer((_, response) => response.writeHead(405).end());
  proxy.on('connect', (request, socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that hangs up in the middle is no error of ours.
    socket.on('error', () => socket.destroy());
    if (!isAzure(request.url ?? '')) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    azure.emit('connection', socket);
  });
  const { port } = await listening(proxy);
  return {
    proxyUrl: `http://127.0.0.1:${port}`,
    caFile,
    hungUp: async () => {
      await Promise.all([...sockets].map((socket) => once(socket, 'close')));
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await closeServer(proxy);
      await rm(folder, { recursive: true });
    },
  };
}

function isAzure(authority: string): boolean {
  const host = authority.replace(/:443$/, '').toLowerCase();
  return hosts.some((pattern) => {
    return pattern.startsWith('*.') ? host.replace(/^[^.]+/, '*') === pattern : host === pattern;
  });
}

async function listening(server: Server): Promise<AddressInfo> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the proxy has no port');
  return address;
}
