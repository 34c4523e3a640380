import type { StateName } from './states.ts';

/** One vault or HSM of the demo: where, its name, its states, its tags. */
export interface DemoVault {
  readonly subscription: string;
  readonly group: string;
  readonly name: string;
  readonly states: readonly StateName[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly location?: string;
}

const sealed: readonly StateName[] = ['protected', 'networkOff', 'endpoint'];

/** The vaults of the demo, subscription by subscription. */
export const demoVaults: readonly DemoVault[] = [
  ...vaults('platform-identity', 'rg-identity-prod', [
    ['kv-identity-root', [...sealed, 'premium'], { env: 'prod', owner: 'identity' }],
    ['kv-identity-ca', [...sealed], { env: 'prod', owner: 'identity' }],
    [
      'kv-identity-sync',
      ['protected', 'networkDeny', 'policiesWithPurge'],
      { env: 'prod', owner: 'identity' },
    ],
    ['kv-identity-breakglass', ['protected', 'retention7'], { env: 'prod' }],
  ]),
  ...vaults('platform-connectivity', 'rg-hub-weu', [
    ['kv-hub-weu', [...sealed], { env: 'prod', owner: 'network' }],
    ['kv-hub-neu', [...sealed], { env: 'prod', owner: 'network' }],
    ['kv-vpn-certs', ['protected', 'perimeter', 'endpoint'], { env: 'prod', owner: 'network' }],
    ['kv-firewall', ['networkDeny'], { env: 'prod', owner: 'network' }],
  ]),
  ...vaults('platform-management', 'rg-management', [
    ['kv-monitoring', [...sealed], { env: 'prod', owner: 'operations' }],
    [
      'kv-backup-weu',
      ['protected', 'retention30', 'networkOff', 'endpoint'],
      { env: 'prod', owner: 'operations' },
    ],
    ['kv-automation', ['rbacNull', 'networkAllow'], { owner: 'operations' }],
    ['kv-pipelines', ['policiesWithAll', 'networkAllow', 'retention7'], { owner: 'operations' }],
    ['kv-terraform-state', [...sealed], { env: 'prod', owner: 'operations' }],
  ]),
  ...vaults('prod-retail', 'rg-retail-prod', [
    ['kv-shop-weu', [...sealed], { env: 'prod', owner: 'retail' }],
    ['kv-shop-neu', [...sealed], { env: 'prod', owner: 'retail' }],
    ['kv-shop-checkout', ['retention7', 'networkAllow'], { env: 'prod', owner: 'retail' }],
    ['kv-loyalty', ['protected', 'networkDeny', 'endpointPending'], { env: 'prod', owner: 'retail' }],
    ['kv-pricing', ['softDeleteUnset', 'policies'], { env: 'prod', owner: 'retail' }],
    [
      'kv-catalogue',
      ['retentionUnset', 'protected', 'networkOff', 'endpoint'],
      { env: 'prod', owner: 'retail' },
    ],
  ]),
  ...vaults('prod-payments', 'rg-payments-prod', [
    ['kv-pay-acquirer', [...sealed, 'premium'], { env: 'prod', owner: 'payments', pci: 'yes' }],
    ['kv-pay-tokens', [...sealed, 'premium'], { env: 'prod', owner: 'payments', pci: 'yes' }],
    ['kv-pay-settlement', ['networkOff', 'endpoint'], { env: 'prod', owner: 'payments', pci: 'yes' }],
    [
      'kv-pay-fraud',
      ['protected', 'retention30', 'networkDeny', 'endpoint'],
      { env: 'prod', owner: 'payments' },
    ],
    ['kv-pay-reports', ['policiesWithPurge', 'networkDeny'], { env: 'prod', owner: 'payments' }],
  ]),
  ...vaults('prod-data', 'rg-data-platform', [
    ['kv-lake-weu', [...sealed], { env: 'prod', owner: 'data' }],
    ['kv-lake-neu', ['protected', 'networkOff', 'endpoint', 'retention7'], { env: 'prod', owner: 'data' }],
    ['kv-warehouse', ['policies', 'protected', 'networkDeny'], { env: 'prod', owner: 'data' }],
    ['kv-notebooks', ['softDeleteUnset', 'policiesWithAll', 'networkAllow'], { owner: 'data' }],
    ['kv-streaming', ['perimeter'], { env: 'prod', owner: 'data' }],
  ]),
  ...vaults('prod-logistics', 'rg-logistics', [
    ['kv-fleet', [...sealed], { env: 'prod', owner: 'logistics' }],
    [
      'kv-warehouse-robots',
      ['softDeleteOff', 'policiesWithPurge', 'networkAllow'],
      { env: 'prod', owner: 'logistics' },
    ],
    ['kv-customs', ['retentionUnset', 'policies'], { env: 'prod', owner: 'logistics' }],
    ['kv-labels', [], { env: 'prod', owner: 'logistics' }],
  ]),
  ...vaults('prod-hr', 'rg-hr-prod', [
    ['kv-payroll', ['policiesWithPurge'], { env: 'prod', owner: 'hr' }],
    ['kv-applicants', [], { env: 'prod', owner: 'hr' }],
  ]),
  ...vaults('sandbox-research', 'rg-research', [
    ['kv-lab-01', [], { env: 'sandbox', owner: '<script>alert(1)</script>' }],
    [
      'kv-lab-02',
      ['retention7', 'networkAllow'],
      { env: 'sandbox', note: '=HYPERLINK("https://example.com","open")' },
    ],
    ['kv-lab-03', ['policies'], { env: 'sandbox', note: '::error::not an error\n##[error]nor this' }],
    [
      'kv-lab-04',
      ['protected'],
      { env: 'sandbox', note: 'left \u202Eto right\u202C | `code` \u001B[31mred\u001B[0m' },
    ],
    [
      'kv-lab-05',
      ['policiesWithAll', 'retention7'],
      { env: 'sandbox', 'odd|key [x](y)': '![img](https://example.com/x.png)' },
    ],
  ]),
  ...vaults('sandbox-training', 'rg-training', [
    ['kv-class-a', ['retention7'], { env: 'sandbox', expires: '2026-12-31' }],
    ['kv-class-b', ['retention7', 'policiesWithPurge'], { env: 'sandbox', expires: '2026-12-31' }],
    ['kv-class-c', ['networkAllow'], { env: 'sandbox', expires: '2026-12-31' }],
    ['kv-class-d', ['protected', 'retention7'], { env: 'sandbox', expires: '2026-12-31' }],
  ]),
  ...vaults('sandbox-legacy', 'RG-Legacy-2016', [
    ['legacyvault01', ['softDeleteUnset', 'policiesWithAll', 'networkAllow'], {}],
    ['legacyvault02', ['softDeleteOff', 'policiesWithPurge'], {}],
    ['LegacyVault03', ['softDeleteUnset', 'rbacNull'], { Owner: 'unknown' }],
    ['legacyvault04', ['softDeleteOff', 'policies', 'networkDeny'], {}],
  ]),
  ...vaults('dev-web', 'rg-web-dev', [
    ['kv-web-dev', ['retention7'], { env: 'dev', owner: 'web' }],
    ['kv-web-test', ['retention7', 'networkDeny'], { env: 'test', owner: 'web' }],
    [
      'kv-web-stage',
      ['protected', 'retention30', 'networkDeny', 'endpointPending'],
      { env: 'stage', owner: 'web' },
    ],
    ['kv-web-preview', ['rbacNull', 'retention7'], { env: 'dev', owner: 'web' }],
    ['kv-web-loadtest', ['policies', 'retention7'], { env: 'dev', owner: 'web' }],
  ]),
];

type Line = readonly [name: string, states: readonly StateName[], tags: Readonly<Record<string, string>>];

function vaults(subscription: string, group: string, lines: readonly Line[]): readonly DemoVault[] {
  return lines.map(([name, states, tags]) => ({ subscription, group, name, states, tags }));
}
