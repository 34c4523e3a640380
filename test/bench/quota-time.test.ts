import { describe, expect, test } from 'vitest';
import { growthExponent } from '../../bench/growth-exponent.ts';
import { quotaTime } from '../../bench/quota-time.ts';
import { createQuota } from '../../emulator/resource-graph/quota.ts';

describe('the time that the quota imposes', () => {
  test.for([
    [0, 0],
    [1, 0],
    [15, 0],
    [16, 5000],
    [30, 5000],
    [31, 10_000],
    [102, 30_000],
  ] as const)('on %d requests is %d ms', ([requests, ms]) => {
    expect(quotaTime(requests)).toBe(ms);
  });

  test('is what the emulated quota imposes on requests that come as early as they may', () => {
    const quota = createQuota({ limit: 15, windowMs: 5000 });
    let now = 0;
    for (let requests = 1; requests <= 100; requests += 1) {
      for (let answer = quota.take(now); !answer.admitted; answer = quota.take(now)) {
        now += answer.resetsAfterMs;
      }
      expect(now).toBe(quotaTime(requests));
    }
  });
});

test.for([
  [10, 1],
  [100, 2],
  [1, 0],
] as const)('ten times the size and %d times the value is an exponent of %d', ([value, exponent]) => {
  expect(growthExponent({ size: 1000, value: 1 }, { size: 10_000, value })).toBeCloseTo(exponent);
});
