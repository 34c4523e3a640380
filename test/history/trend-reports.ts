import { createHash } from 'node:crypto';
import { guidOf } from '../../emulator/index.ts';
import type { ReportFrame } from '../../src/history/covered.ts';
import type { Compliance, Finding } from '../../src/model/finding.ts';
import { severities } from '../../src/model/severity.ts';

const findings = 5;
const type = 'Microsoft.KeyVault/vaults';

function subscriptionOf(index: number): string {
  return guidOf(`trend-${index}`);
}

/** A report of a scan of five subscriptions, but for its findings. */
export function aReport({
  at,
  unread = [],
}: {
  readonly at: string;
  readonly unread?: readonly number[];
}): ReportFrame {
  const subscriptions = Array.from({ length: findings }, (_, index) => ({
    id: subscriptionOf(index),
    name: `subscription ${index}`,
  }));
  return {
    schemaVersion: '1.1',
    tool: { name: 'purgeproof', version: '0.0.0' },
    startedAt: at,
    finishedAt: at,
    complete: unread.length === 0,
    scope: { subscriptions, managementGroups: [] },
    summary: {
      resources: 0,
      compliant: 0,
      nonCompliant: 0,
      exempt: 0,
      unknown: 0,
      notApplicable: 0,
      bySeverity: { critical: 0, high: 0, medium: 0, low: 0 },
    },
    rules: [
      {
        id: 'AKV002',
        name: 'purge-protection',
        title: 'Purge protection is enabled',
        description: '',
        severity: 'high',
        resourceType: type,
        controls: {},
        helpUri: '',
        parameters: {},
      },
    ],
    unreadable: [],
    coverage: {
      expectedFrom: 'visible',
      subscriptions: subscriptions.map(({ id, name }, index) => ({
        id,
        name,
        state: unread.includes(index) ? 'denied' : 'read',
        expectedRows: 1,
        rows: 1,
      })),
      queries: 1,
      pages: 1,
      retries: 0,
      waitMs: 0,
    },
  };
}

/** One of five findings, each in a subscription of its own, of a severity of its own. */
export function findingOf(index: number, compliance: Compliance, expiresOn = '2099-12-31'): Finding {
  const subscriptionId = subscriptionOf(index);
  const name = `kv-${index}`;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/${type}/${name}`;
  const facts = {
    ruleId: 'AKV002',
    ruleName: 'purge-protection',
    severity: severities[index % severities.length] ?? 'low',
    resource: { id, name, type, subscriptionId, resourceGroup: 'rg', location: 'westeurope' },
    message: '',
    evidence: [],
    fingerprint: createHash('sha256').update(id).digest('hex'),
  } as const;
  if (compliance !== 'exempt') return { ...facts, compliance };
  return { ...facts, compliance, exemption: { category: 'waiver', reason: 'accepted', expiresOn } };
}
