import { createHash } from 'node:crypto';
import { type Evidence, type FieldValue, valueOrWords } from '../../src/model/evidence.ts';
import type {
  Compliance,
  Finding,
  FindingExemption,
  FindingFacts,
  FindingResource,
} from '../../src/model/finding.ts';
import type { Json } from '../../src/model/json.ts';
import type { Coverage, Unreadable } from '../../src/model/coverage.ts';
import type { ReportRule, ScanReport, Summary } from '../../src/model/report.ts';
import type { Severity } from '../../src/model/severity.ts';
import type { Format } from '../../src/reporters/format.ts';
import type { ScanReportContext, ScanReportFormat } from '../../src/reporters/scan/format.ts';
import { scanReportFormats } from '../../src/reporters/scan/formats.ts';

export const subscriptions = {
  production: { id: '11111111-1111-4111-8111-111111111111', name: 'Payments Production' },
  staging: { id: '22222222-2222-4222-8222-222222222222', name: 'Payments Staging' },
  platform: { id: '33333333-3333-4333-8333-333333333333', name: 'Platform' },
};

const docs = 'https://github.com/purgeproof/purgeproof/blob/main/docs/rules';

export const rules: readonly ReportRule[] = [
  aRule('AKV001', 'soft-delete', {
    title: 'Soft delete is on',
    severity: 'critical',
    controls: { MCSB: ['DP-8'], 'NIST-800-53-r5': ['CP-9'] },
  }),
  aRule('AKV002', 'purge-protection', {
    title: 'Purge protection is enabled',
    severity: 'high',
    controls: { 'CIS-Azure-6.0': ['8.3.5'], MCSB: ['DP-8'], 'NIST-800-53-r5': ['CP-9'] },
  }),
  aRule('AKV003', 'soft-delete-retention', {
    title: 'Deleted vaults are kept for 90 days',
    severity: 'medium',
  }),
  aRule('AKV007', 'private-endpoint', { title: 'Clients connect over a private endpoint', severity: 'low' }),
  aRule('AKV101', 'hsm-purge-protection', {
    title: 'Purge protection is enabled on managed HSMs',
    severity: 'high',
    resourceType: 'Microsoft.KeyVault/managedHSMs',
  }),
];

export const defaultContext: ScanReportContext = {
  terminal: { color: false, width: 100 },
  codeScanning: {
    anchor: ({ ruleId }) => ({ file: 'infra/vaults.bicep', line: Number(ruleId.slice(3)) + 10, column: 3 }),
  },
  ruleHelp: (ruleId) => ({
    text: `Why ${ruleId} matters, and how to meet it.`,
    markdown: `## ${ruleId}\n\nWhy it matters, and **how to meet it**.`,
  }),
};

/** Every format of scan reports by its name, loaded. */
export const loadedFormats: readonly (readonly [name: string, format: ScanReportFormat])[] =
  await Promise.all(
    Object.entries(scanReportFormats).map(async ([name, load]) => [name, await load()] as const),
  );

/** A scan report in a format. */
export function textOf(
  format: Format<ScanReport, ScanReportContext>,
  report: ScanReport,
  context: ScanReportContext = defaultContext,
): string {
  return [...format.render(report, context)].join('');
}

/** A resource in a subscription; a vault unless told. */
export function aVault(name: string, parts: Partial<FindingResource> = {}): FindingResource {
  const type = parts.type ?? 'Microsoft.KeyVault/vaults';
  const subscriptionId = parts.subscriptionId ?? subscriptions.production.id;
  const resourceGroup = parts.resourceGroup ?? 'rg-payments';
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
  return { id, name, type, subscriptionId, resourceGroup, location: 'westeurope', ...parts };
}

const remediations = {
  AKV001: { risk: 'irreversible', patch: { properties: { enableSoftDelete: true } } },
  AKV002: {
    risk: 'irreversible',
    patch: { properties: { enableSoftDelete: true, enablePurgeProtection: true } },
  },
  AKV003: {
    risk: 'disruptive',
    manual: 'Retention cannot be changed once set: create a vault with 90 days and move to it.',
  },
  AKV101: {
    risk: 'irreversible',
    patch: { properties: { enablePurgeProtection: true } },
    manual: 'A deleted HSM is billed until its retention period ends.',
  },
} as const;

const facts: Readonly<Record<string, Evidence>> = {
  AKV001: { field: 'properties.enableSoftDelete', expected: true, actual: { kind: 'read', value: false } },
  AKV002: {
    field: 'properties.enablePurgeProtection',
    expected: true,
    actual: { kind: 'unset', words: 'unset' },
  },
  AKV003: {
    field: 'properties.softDeleteRetentionInDays',
    expected: 'at least 90',
    actual: { kind: 'read', value: 7 },
  },
  AKV007: {
    field: 'count of properties.privateEndpointConnections[*]',
    expected: 'at least 1',
    actual: { kind: 'read', value: 0 },
  },
  AKV101: {
    field: 'properties.enablePurgeProtection',
    expected: true,
    actual: { kind: 'read', value: false },
  },
};

/** A finding of one of `rules`, worded as the scan words it. */
export function aFinding(
  ruleId: string,
  resource: FindingResource,
  { compliance = 'nonCompliant', exemption, ...parts }: FindingParts = {},
): Finding {
  const rule = rules.find(({ id }) => id === ruleId)!;
  const fact = facts[ruleId]!;
  const actual = actualOf(compliance, fact);
  const evidence = [{ ...fact, actual }];
  const remediation = Object.entries(remediations).find(([id]) => id === ruleId)?.[1];
  const found = evidence.map(
    ({ field, expected, actual }) =>
      `${field} is ${words(valueOrWords(actual))}, expected ${words(expected)}`,
  );
  const finding = {
    ruleId,
    ruleName: rule.name,
    severity: rule.severity,
    resource,
    message: `${resource.name} ${verbs[compliance]} ${ruleId} ${rule.name}: ${found.join('; ')}`,
    evidence,
    ...(remediation === undefined || compliance === 'compliant' ? {} : { remediation }),
    fingerprint: createHash('sha256').update(`${ruleId}\n${resource.id.toLowerCase()}`).digest('hex'),
    ...parts,
  };
  if (compliance !== 'exempt') return { ...finding, compliance };
  return { ...finding, compliance, exemption: exemption ?? { category: 'waiver', reason: 'Accepted' } };
}

type FindingParts = Partial<FindingFacts> & {
  readonly compliance?: Compliance;
  readonly exemption?: FindingExemption;
};

function actualOf(compliance: Compliance, { expected, actual }: Evidence): FieldValue {
  if (compliance === 'unknown') return { kind: 'unreadable', words: 'could not be read' };
  return compliance === 'compliant' && typeof expected === 'boolean'
    ? { kind: 'read', value: expected }
    : actual;
}

function words(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const verbs: Readonly<Record<Compliance, string>> = {
  nonCompliant: 'fails',
  exempt: 'is exempt from',
  compliant: 'meets',
  unknown: 'could not be judged by',
};

/** A complete report over three subscriptions with these findings, counted as the scan counts. */
export function aReport(
  findings: readonly Finding[],
  parts: Partial<Omit<ScanReport, 'summary'>> & { readonly summary?: Partial<Summary> } = {},
): ScanReport {
  const { summary, ...rest } = parts;
  return {
    schemaVersion: '1.1',
    tool: { name: 'purgeproof', version: '0.1.0' },
    startedAt: '2026-11-23T09:00:00.000Z',
    finishedAt: '2026-11-23T09:00:12.345Z',
    complete: true,
    scope: { subscriptions: Object.values(subscriptions), managementGroups: [] },
    summary: { ...summaryOf(findings), ...summary },
    rules,
    findings,
    unreadable: [],
    coverage: aCoverage(),
    ...rest,
  };
}

/** All three subscriptions read. */
export function aCoverage(parts: Partial<Coverage> = {}): Coverage {
  const rows = Object.values(subscriptions).map(
    ({ id, name }) => ({ id, name, state: 'read', expectedRows: 20, rows: 20 }) as const,
  );
  return {
    expectedFrom: 'visible',
    subscriptions: rows,
    queries: 1,
    pages: 1,
    retries: 0,
    waitMs: 0,
    ...parts,
  };
}

export const denied: Unreadable = {
  scope: subscriptions.staging.id,
  kind: 'subscription',
  reason: 'Resource Graph returned nothing for it: whoever signed in may not read it.',
  hint: 'Grant the Reader role on this subscription, or leave it out with --subscription.',
};

function summaryOf(findings: readonly Finding[]): Summary {
  const of = (compliance: Compliance) =>
    findings.filter((finding) => finding.compliance === compliance).length;
  const failed = findings.filter(({ compliance }) => compliance === 'nonCompliant');
  const amount = (severity: Severity) => failed.filter((finding) => finding.severity === severity).length;
  const bySeverity = {
    critical: amount('critical'),
    high: amount('high'),
    medium: amount('medium'),
    low: amount('low'),
  };
  return {
    resources: 60,
    compliant: 220,
    nonCompliant: of('nonCompliant'),
    exempt: of('exempt'),
    unknown: of('unknown'),
    notApplicable: 17,
    bySeverity,
  };
}

function aRule(
  id: string,
  name: string,
  parts: Partial<ReportRule> & Pick<ReportRule, 'title' | 'severity'>,
): ReportRule {
  return {
    id,
    name,
    description: `${parts.title}. Without it, whoever may purge can destroy what should be recoverable.`,
    resourceType: 'Microsoft.KeyVault/vaults',
    controls: {},
    helpUri: `${docs}/${id}.md`,
    parameters: id === 'AKV003' ? { minimumRetentionDays: 90 } : {},
    ...parts,
  };
}
