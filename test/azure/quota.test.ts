import { setMaxListeners } from 'node:events';

import { describe, expect, test } from 'vitest';

import { readQuota } from '../../src/azure/quota-window.ts';
import { quotaGovernor } from '../../src/azure/quota.ts';
import { createQuota } from '../../emulator/resource-graph/quota.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';

const { signal } = new AbortController();
setMaxListeners(0, signal);

interface Service {
  readonly limit?: number;
  /** The way to the service and back, and its work in between, in milliseconds. */
  readonly travelMs?: (request: number) => number;
  readonly workMs?: (request: number) => number;
  /** Whether answers carry the quota headers. */
  readonly headers?: boolean;
  readonly workers?: number;
  /** The service takes one request after another, and counts each only when its turn comes. */
  readonly oneAtATime?: boolean;
}

/** Sends requests through a governor to a service with a sliding quota; tells how long it took and what was refused. */
async function run(requests: number, service: Service = {}, clock: FakeClock = fakeClock()) {
  const {
    limit = 15,
    travelMs = () => 20,
    workMs = () => 300,
    headers = true,
    workers = 8,
    oneAtATime = false,
  } = service;
  const governor = quotaGovernor(clock);
  const quota = createQuota({ limit, windowMs: 5000 });
  let next = 0;
  let refused = 0;
  let free = 0;
  const begun = clock.now();

  async function send(request: number): Promise<boolean> {
    const ticket = await governor.admit(signal, () => undefined);
    await clock.sleep(travelMs(request), signal);
    if (oneAtATime) {
      const turn = Math.max(clock.now(), free);
      free = turn + workMs(request);
      await clock.sleep(turn - clock.now(), signal);
    }
    const { admitted, remaining, resetsAfterMs } = quota.take(clock.now());
    await clock.sleep(workMs(request) + travelMs(request), signal);
    const told = { remaining, resetsAfterMs: Math.ceil(resetsAfterMs / 1000) * 1000 };
    const silent = { remaining: undefined, resetsAfterMs: undefined };
    ticket.release({ throttled: !admitted, retryAfterMs: undefined, ...(headers ? told : silent) });
    return admitted;
  }

  async function work(): Promise<void> {
    for (let request = next++; request < requests; request = next++) {
      while (!(await send(request))) refused += 1;
    }
  }

  await Promise.all(Array.from({ length: workers }, work));
  return { tookMs: clock.now() - begun, refused };
}

/** What the quota alone imposes: a full window at once, and then one every five seconds. */
function imposedMs(requests: number, limit = 15): number {
  return Math.floor((requests - 1) / limit) * 5000;
}

describe('speed: within 1.15 of what the quota alone imposes', () => {
  test.for([
    ['even answers', {}],
    ['quick answers', { travelMs: () => 1, workMs: () => 5 }],
    ['slow answers', { workMs: () => 1500, workers: 12 }],
    ['answers that overtake each other', { workMs: (n: number) => 200 + ((n * 7919) % 900) }],
    ['a way that varies', { travelMs: (n: number) => 5 + ((n * 104_729) % 60) }],
    ['two quick questions before slow pages', { workMs: (n: number) => (n < 2 ? 20 : 1200), workers: 12 }],
    ['one page after another', { workMs: () => 70, oneAtATime: true, workers: 12 }],
    [
      'one page after another, of many lengths',
      { workMs: (n: number) => 40 + ((n * 7919) % 90), oneAtATime: true, workers: 12 },
    ],
    ['a larger quota than the documented one', { limit: 45, workMs: () => 100, workers: 30 }],
    ['no headers at all', { headers: false }],
  ] as const)('%s, and nothing refused', async ([, service]) => {
    for (const requests of [105, 300]) {
      const { tookMs, refused } = await run(requests, service);
      expect(tookMs).toBeLessThanOrEqual(imposedMs(requests, 'limit' in service ? service.limit : 15) * 1.15);
      expect(refused).toBe(0);
    }
  });

  test('a smaller quota than the documented one, which the first refusals teach', async () => {
    const { tookMs, refused } = await run(300, { limit: 6 });
    expect(tookMs).toBeLessThanOrEqual(imposedMs(300, 6) * 1.15);
    expect(refused).toBeLessThanOrEqual(15 - 6);
  });
});

test('a few quick answers among slow ones, which hide how long the way is, cost time and no refusal', async () => {
  const { tookMs, refused } = await run(300, { workMs: (n) => (n % 10 === 9 ? 60 : 1200), workers: 12 });
  expect(tookMs).toBeLessThanOrEqual(imposedMs(300) * 1.2);
  expect(refused).toBe(0);
});

test('requests that Azure counts out of order are refused a few times at most', async () => {
  const { tookMs, refused } = await run(300, { travelMs: (n) => (n % 7 === 3 ? 900 : 10), workers: 12 });
  expect(tookMs).toBeLessThanOrEqual(imposedMs(300) * 1.25);
  expect(refused).toBeLessThanOrEqual(3);
});

test('fewer requests than the quota are not held back', async () => {
  expect(await run(15, { travelMs: () => 0, workMs: () => 0 })).toEqual({ tookMs: 0, refused: 0 });
});

test('a 429 closes the way for as long as Azure says', async () => {
  const clock = fakeClock();
  const governor = quotaGovernor(clock);
  const ticket = await governor.admit(signal, () => undefined);
  ticket.release({ throttled: true, remaining: 0, resetsAfterMs: 5000, retryAfterMs: 2000 });
  const waits: number[] = [];
  await governor.admit(signal, (wait) => waits.push(wait));
  expect(waits).toEqual([2000]);
  expect(clock.now()).toBe(2000);
});

test('a 429 that says nothing is waited out longer each time, with chance', async () => {
  const clock = fakeClock();
  const governor = quotaGovernor(clock);
  const waits: number[] = [];
  for (let time = 0; time < 6; time += 1) {
    const ticket = await governor.admit(signal, (wait) => waits.push(wait));
    ticket.release({
      throttled: true,
      remaining: undefined,
      resetsAfterMs: undefined,
      retryAfterMs: undefined,
    });
  }
  expect(waits).toEqual([562.5, 1125, 2250, 4500, 5625]);
});

test('another program on the same quota is made room for', async () => {
  const clock = fakeClock();
  const governor = quotaGovernor(clock);
  const ticket = await governor.admit(signal, () => undefined);
  ticket.release({ throttled: false, remaining: 0, resetsAfterMs: 4000, retryAfterMs: undefined });
  await governor.admit(signal, () => undefined);
  expect(clock.now()).toBe(4000);
});

test('whoever waits can be aborted, and holds nobody up', async () => {
  const clock = fakeClock();
  const governor = quotaGovernor(clock);
  for (let sent = 0; sent < 15; sent += 1) await governor.admit(signal, () => undefined);
  const controller = new AbortController();
  const aborted = governor.admit(controller.signal, () => controller.abort());
  await expect(aborted).rejects.toThrow(/abort/i);
  await governor.admit(signal, () => undefined);
  expect(clock.now()).toBeGreaterThanOrEqual(5000);
});

test.for([
  [{}, { throttled: false, remaining: undefined, resetsAfterMs: undefined, retryAfterMs: undefined }],
  [
    { 'x-ms-user-quota-remaining': '7', 'x-ms-user-quota-resets-after': '00:00:05' },
    { remaining: 7, resetsAfterMs: 5000 },
  ],
  [{ 'x-ms-user-quota-resets-after': '01:02:03' }, { resetsAfterMs: 3_723_000 }],
  [
    { 'x-ms-user-quota-remaining': '-1', 'x-ms-user-quota-resets-after': 'soon' },
    { remaining: undefined, resetsAfterMs: undefined },
  ],
  [{ 'retry-after': '3' }, { retryAfterMs: 3000 }],
  [
    { 'retry-after': 'Tue, 24 Nov 2026 12:00:05 GMT', date: 'Tue, 24 Nov 2026 12:00:00 GMT' },
    { retryAfterMs: 5000 },
  ],
] as const)('the headers %j are read as %j', ([headers, expected]) => {
  const reading = readQuota(200, (name) => new Map(Object.entries<string>(headers)).get(name));
  expect(reading).toMatchObject(expected);
});
