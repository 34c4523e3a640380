import { emulator, generateTenant } from '../emulator/index.ts';
import { connect } from '../src/azure/connect.ts';
import type { AzureHttpClient } from '../src/azure/connection.ts';
import { emptyScope } from '../src/model/source.ts';
import { liveSource } from '../src/sources/live.ts';
import { judged, times, type Section } from './section.ts';

const subscriptions = 10_000;
const latencyMs = 100;
/** As many as src/sources/live/evidence.ts sends at a time. */
const concurrency = 24;

interface Case {
  readonly name: string;
  /** Whether the management groups may be read at all. */
  readonly access: 'full' | 'denied';
  /** Requests about rights that are allowed. */
  readonly allowed: number;
}

const cases: readonly Case[] = [
  { name: 'at the root of the tenant', access: 'full', allowed: 2 },
  { name: 'on each subscription', access: 'denied', allowed: subscriptions + 2 },
];

/** What it costs to show that everything may be read. */
export async function rights(): Promise<Section> {
  const rows: (readonly string[])[] = [];
  for (const one of cases) rows.push(await measure(one));
  return {
    title: 'Evidence of rights',
    text: [
      `A live read of ${subscriptions.toLocaleString('en')} subscriptions by an identity with Reader, in an Azure that takes ` +
        `${latencyMs} ms to answer; here the emulator answers the SDK clients in memory, since ten thousand handshakes of ` +
        'TLS would measure those. Requests about rights are outside of the quota of Resource Graph and are sent while pages ' +
        'are read. Targets: at most 2 where the right is held at the root; elsewhere at most one for each subscription and ' +
        `plus 2, in at most 1.25 × the time that so many requests take, ${concurrency} at a time.`,
    ],
    head: [
      'Reader',
      'requests about rights',
      'allowed',
      'their time ÷ (requests × latency ÷ concurrency)',
      'target',
    ],
    rows,
  };
}

async function measure({ name, access, allowed }: Case): Promise<readonly string[]> {
  const { requests, ms, complete } = await readOnce(access);
  if (!complete) throw new Error('the read was not complete');
  // A handful of requests are sent one after the other.
  const isTimed = requests > concurrency;
  const ratio = ms / ((requests * latencyMs) / concurrency);
  return [
    name,
    requests.toLocaleString('en'),
    allowed.toLocaleString('en'),
    isTimed ? times(ratio) : '–',
    judged(requests <= allowed && (!isTimed || ratio <= 1.25)),
  ];
}

async function readOnce(access: Case['access']) {
  const tenant = generateTenant({ subscriptions, vaults: 2000, failing: 0.01 });
  for (const group of tenant.managementGroups) group.access = access;
  const { credential, httpClient } = emulator(tenant, { latencyMs });
  const watched = watch(httpClient);
  const connection = connect({
    cloud: 'AzureCloud',
    version: '0',
    credential,
    httpClient: watched.httpClient,
  });
  const source = liveSource({ connection, subscriptions: [], managementGroups: [] });
  let complete = true;
  for await (const event of source.read(new AbortController().signal, emptyScope))
    if (event.kind === 'unreadable') complete = false;
  return { ...watched.seen(), complete };
}

/** Counts requests about rights, and the time from the first of them to the last answer. */
function watch(client: AzureHttpClient) {
  let [requests, began, ended] = [0, 0, 0];
  const httpClient: AzureHttpClient = {
    async sendRequest(request) {
      if (!request.url.includes('/permissions?')) return client.sendRequest(request);
      if (requests === 0) began = performance.now();
      requests += 1;
      const response = await client.sendRequest(request);
      ended = performance.now();
      return response;
    },
  };
  return { httpClient, seen: () => ({ requests, ms: ended - began }) };
}
