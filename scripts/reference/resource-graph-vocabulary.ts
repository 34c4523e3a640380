/** A public query that is known to run in Resource Graph, or a page of its documentation. */
interface Evidence {
  readonly source: string;
  /** The path in the repository; the article of the documentation. */
  readonly at: string;
  /** Of the commit, or of the page, as it was read: year, month and day. */
  readonly date: string;
}

/** A word or a shape of KQL that purgeproof sends, as `emulator/kql/vocabulary.ts` spells it. */
export interface GraphWord {
  readonly word: string;
  readonly use: string;
  readonly evidence: readonly Evidence[];
}

/** Queries of azqr, which a scan of azqr sends as they are. */
const azqr = (at: string): Evidence => ({
  source: 'Azure/azqr',
  at: `internal/${at}`,
  date: '2026-08-21',
});

/** Queries of the Azure Proactive Resiliency Library, which its collector and azqr send. */
const aprl = (at: string): Evidence => ({
  source: 'Azure/Azure-Proactive-Resiliency-Library-v2',
  at: `azure-resources/${at}`,
  date: '2026-07-21',
});

/** Queries of type 1, Resource Graph, in the workbooks of Azure Monitor and Advisor. */
const workbook = (at: string): Evidence => ({
  source: 'microsoft/Application-Insights-Workbooks',
  at: `Workbooks/${at}`,
  date: '2026-08-19',
});

/** Queries of the review checklists. */
const checklist = (at: string): Evidence => ({
  source: 'Azure/review-checklists',
  at: `checklists-ext/${at}`,
  date: '2025-12-24',
});

/** Articles on Resource Graph at learn.microsoft.com/azure/governance/resource-graph. */
const article = (at: string, date: string): Evidence => ({ source: 'Microsoft Learn', at, date });

const paging = article('concepts/paging-results', '2026-02-06');
/** Combine results from two queries; list all tags and their values. */
const samples = article('samples/samples-by-table, ResourceContainers', '2022-07-07');
const orphans = 'graph/azure-orphan-resources';
const own = 'graph/azqr/azure-resources';
const onboarding = workbook('KeyVault/Azure Monitor Onboarding/Azure Monitor Onboarding.workbook');
/** Find clusters using legacy authentication: a whole `properties` in lower case, of which members are then read. */
const legacy: Evidence = {
  source: 'Microsoft Learn',
  at: '/azure/azure-monitor/containers/container-insights-authentication',
  date: '2025-04-23',
};
const toolbar = { ...onboarding, at: 'Documentation/Links/ToolbarSample.workbook' };
const backup = workbook('Azure Backup/Backup Explorer/Backup Explorer.workbook');
const hybrid = workbook('Azure Advisor/Cost Optimization/AHB/AHB.workbook');

/** Every word that the queries of a scan may use. A query that uses another one fails a test. */
export const graphVocabulary: readonly GraphWord[] = [
  word('| where', 'choosing rows', azqr(`${own}/ApiManagement/service/kql/apim-004.kql`)),
  word('| project', 'choosing columns', azqr(`${own}/ApiManagement/service/kql/apim-003.kql`)),
  word(
    '| order',
    'order by id, which makes paging total',
    paging,
    aprl('Cache/Redis/kql/5a44bd30-ae6a-4b81-9b68-dc3a8ffca4d8.kql'),
  ),
  word('=~', 'equality in any letter case', paging, azqr(`${own}/App/containerApps/kql/ca-010.kql`)),
  word(
    'in~',
    'one of some types',
    aprl('RecoveryServices/vaults/kql/2912472d-0198-4bdc-aa90-37f145790edc.kql'),
    paging,
  ),
  word('| extend', 'naming what is kept', azqr(`${own}/AAD/domainServices/kql/domain-003.kql`)),
  word(
    '| summarize',
    'counting by subscription',
    azqr(`${own}/AppConfiguration/configurationStores/kql/appcs-003.kql`),
    aprl('Sql/servers/kql/7e7daec9-6a81-3546-a4cc-9aef72fec1f7.kql'),
  ),
  word('| union', 'subscriptions and counts in one answer', samples, onboarding),
  word(
    '| join',
    'exemptions of Azure Policy with their assignments (`kind=leftouter`)',
    azqr('scanners/azure_policy.go'),
    azqr(`${orphans}/Resources/kql/1c2d3e4f-5a6b-7c8d-9e0f-1a2b3c4d5e6f.kql`),
  ),
  word(
    'summarize … union',
    'subscriptions and counts in one answer',
    onboarding,
    azqr('scanners/plugins/servicehealth/servicehealth.go'),
  ),
  word('summarize … order', 'order of counts', toolbar),
  word(
    'union … order',
    'order of what was united',
    backup,
    workbook('Azure Monitor - Agents/Agent Migration Tracker/AMA Migration Helper.workbook'),
  ),
  word(
    'count()',
    'rows of a subscription',
    azqr(`${own}/AppConfiguration/configurationStores/kql/appcs-003.kql`),
  ),
  word(
    'countif()',
    'rows that are returned, and those that are not',
    aprl('Cdn/profiles/kql/1bd2b7e8-400f-e64a-99a2-c572f7b08a62.kql'),
    azqr(`${orphans}/Sql/kql/4d5e6f7a-8b9c-0d1e-2f3a-4b5c6d7e8f9a.kql`),
  ),
  word(
    'sum()',
    'the checksum of a subscription',
    azqr(`${orphans}/Network/kql/2f3a4b5c-6d7e-8f9a-0b1c-2d3e4f5a6b7c.kql`),
  ),
  word('hash()', 'the checksum of a row, and shares of very large results', paging, backup),
  word('%', 'the checksum of a row, and shares of very large results', paging),
  word(
    'tolower()',
    'ids, and the names of properties, in one spelling',
    paging,
    legacy,
    azqr(`${own}/Dashboard/grafana/kql/amg-002.kql`),
  ),
  word(
    'iff()',
    'the checksum of rows that are returned',
    azqr(`${own}/Compute/virtualMachineScaleSets/kql/vmss-003.kql`),
  ),
  word('and', 'conditions', azqr(`${own}/AVS/privateClouds/kql/avs-003.kql`)),
  word('or', 'conditions', aprl('AVS/privateClouds/kql/029208c8-5186-4a76-8ee8-6e3445fef4dd.kql')),
  word('not()', 'conditions', azqr(`${own}/Compute/virtualMachines/kql/vm-003.kql`)),
  word('.', 'members of a column', azqr(`${own}/ApiManagement/service/kql/apim-004.kql`)),
  word(
    '[ ]',
    'elements of a list, and members whose name is a word of KQL',
    azqr(`${own}/ContainerService/managedClusters/kql/aks-003.kql`),
    azqr(`${own}/ApiManagement/service/kql/apim-009.kql`),
  ),
  word('tostring()', 'a value as text', azqr(`${own}/AVS/privateClouds/kql/avs-003.kql`)),
  word('strcat()', 'the id that a row should have', azqr(`${own}/ApiManagement/service/kql/apim-003.kql`)),
  word(
    'isnull()',
    'a value that is missing',
    aprl('AppConfiguration/configurationStores/kql/bb4c8db4-f821-475b-b1ea-16e95358665e.kql'),
  ),
  word('isnotnull()', 'a value that is there', azqr(`${own}/Compute/virtualMachines/kql/vm-003.kql`)),
  word(
    'isempty()',
    'a column of text that is empty',
    azqr(`${orphans}/Network/kql/2f3a4b5c-6d7e-8f9a-0b1c-2d3e4f5a6b7c.kql`),
  ),
  word(
    'isnotempty()',
    'a column of text that is not',
    aprl('Compute/virtualMachineScaleSets/kql/a7bfcc18-b0d8-4d37-81f3-8131ed8bead5.kql'),
  ),
  word('bag_keys()', 'whether a value is an object, and how many names it has', hybrid, samples),
  word('parse_json()', 'an object with its names in lower case', legacy),
  word(
    'array_length()',
    'whether a value is a list, and how long',
    azqr(`${own}/ApiManagement/service/kql/apim-004.kql`),
  ),
  word(
    'pack_array()',
    'a list around a value, in whose text a list is told from a text that looks like one',
    azqr(`${orphans}/Network/kql/9a0b1c2d-3e4f-5a6b-7c8d-9e0f1a2b3c4d.kql`),
  ),
  word('coalesce()', 'the length of what is no list', azqr(`${own}/Storage/storageAccounts/kql/st-003.kql`)),
  word('!~', 'inequality in any letter case', azqr(`${own}/App/containerApps/kql/ca-010.kql`)),
  word(
    '!in~',
    'none of some values',
    aprl('Compute/virtualMachines/kql/cfe22a65-b1db-fd41-9e8e-d573922709ae.kql'),
  ),
  word(
    'contains',
    'parts of texts, names in an object, and a host or an id in all properties',
    azqr(`${own}/Logic/workflows/kql/logic-004.kql`),
    // Its query for all zones looks into the text of `properties`.
    article('Azure DNS, private-dns-fallback', '2025-02-04'),
  ),
  word('!contains', 'parts of texts', azqr(`${own}/SignalRService/webPubSub/kql/wps-002.kql`)),
  word('startswith', '`like` with one asterisk', azqr(`${own}/Fabric/capacities/kql/fabric-006.kql`)),
  word('!startswith', '`like` with one asterisk', azqr(`${own}/Cache/redisEnterprise/kql/redis-012.kql`)),
  word(
    'endswith',
    '`like` with one asterisk',
    azqr(`${orphans}/Compute/kql/2b3c4d5e-6f7a-8b9c-0d1e-2f3a4b5c6d7e.kql`),
  ),
  word(
    '!endswith',
    '`like` with one asterisk',
    azqr(`${own}/Network/virtualNetworkGateways/kql/vgw-005.kql`),
  ),
  word(
    'matches regex',
    'whether a text is a number; `match` and `like`; whether the text of a list or an object has the form that Azure writes',
    checklist('fullwaf_checklist.en.json'),
    workbook('Azure Security Center/API Security/API Security.workbook'),
    workbook('Workloads/SAP/Inventory Checks for SAP/Inventory Checks for SAP.workbook'),
  ),
  word('==', 'numbers', paging),
  word('<', 'numbers and dates', azqr(`${own}/ApiManagement/service/kql/apim-011.kql`)),
  word('<=', 'numbers and dates', azqr(`${orphans}/Web/kql/3e4f5a6b-7c8d-9e0f-1a2b-3c4d5e6f7a8b.kql`)),
  word('>', 'numbers and dates', aprl('Compute/disks/kql/fa0cf4f5-0b21-47b7-89a9-ee936f193ce1.kql')),
  word('>=', 'numbers and dates', azqr(`${own}/ApiManagement/service/kql/apim-003.kql`)),
  word(
    '+',
    'elements that count',
    workbook(
      'Network Insights/VirtualWANWorkbooks/NetworkInsights-VirtualWANMetrics/NetworkInsights-VirtualWANMetrics.workbook',
    ),
  ),
  word(
    '-',
    'negative numbers',
    workbook('Azure Advisor/Cost Optimization/Top10Services/Top10Services.workbook'),
  ),
  word('tolong()', 'whole numbers', backup),
  word('toreal()', 'numbers', azqr('scanners/plugins/servicehealth/servicehealth.go')),
  word('todatetime()', 'dates', azqr(`${own}/ApiManagement/service/kql/apim-011.kql`)),
  word('datetime()', 'dates', azqr('scanners/plugins/sqleol/kql/sql-eol.kql')),
];

function word(name: string, use: string, ...evidence: readonly Evidence[]): GraphWord {
  return { word: name, use, evidence };
}
