import type { Trend } from '../../src/model/trend.ts';
import { aVault } from './reports.ts';

const dayMs = 86_400_000;
const none = { count: 0 };
const about = {
  ruleId: 'AKV002',
  ruleName: 'purge-protection',
  severity: 'high',
  fingerprint: '0'.repeat(64),
} as const;

/** Three archived scans, of which the second is incomplete. */
export const aTrend: Trend = {
  points: [
    point('2026-11-03T09:00:00.000Z', [2, 4, 0, 0]),
    { ...point('2026-11-13T09:00:00.000Z', [1, 3, 0, 0]), complete: false },
    point('2026-11-23T09:00:00.000Z', [0, 2, 1, 0]),
  ],
  repairs: {
    count: 3,
    meanMs: 6 * dayMs,
    bySeverity: {
      critical: { count: 2, meanMs: 7 * dayMs },
      high: { count: 1, meanMs: 4 * dayMs },
      medium: none,
      low: none,
    },
  },
  reappeared: [{ ...about, resource: aVault('kv-again'), since: '2026-11-13T09:00:00.000Z', times: 2 }],
  expiredExemptions: [
    {
      ...about,
      resource: aVault('kv-expired'),
      since: '2026-11-23T09:00:00.000Z',
      exemption: { category: 'waiver', reason: 'Until the migration', expiresOn: '2026-11-20' },
    },
  ],
  unreadable: [],
  oldestOpen: [{ ...about, resource: aVault('kv-old'), since: '2026-11-03T09:00:00.000Z' }],
};

function point(
  at: string,
  [critical = 0, high = 0, medium = 0, low = 0]: readonly number[],
): Trend['points'][number] {
  return {
    at,
    complete: true,
    open: { critical, high, medium, low },
    carried: 0,
    exempt: 1,
    opened: 1,
    reappeared: 0,
    repaired: 1,
    expired: 0,
    tuned: [],
  };
}
