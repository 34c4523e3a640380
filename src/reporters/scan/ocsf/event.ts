import type { ScanReport } from '../../../model/report.ts';
import type { ScanReportContext } from '../format.ts';

/** The version of the schema: the oldest with all that is used here, since consumers are slow to follow. */
const schemaVersion = '1.5.0';

const classUid = 2003;
const className = 'Compliance Finding';

/** The change of a finding since the last scan. */
const activityIds = { Create: 1, Update: 2, Close: 3 } as const;

const severityIds = { Informational: 1, Low: 2, Medium: 3, High: 4, Critical: 5 } as const;

/** The progress of those who work on findings. */
const statusIds = { New: 1, Suppressed: 3, Resolved: 4 } as const;

/** `Warning` is the schema's word for a check without a result, because information is missing. */
const resultIds = { Pass: 1, Warning: 2, Fail: 3 } as const;

/** The severities of events. */
export type EventSeverity = keyof typeof severityIds;

/** The parts in which events differ. Captions stand for the numbers that belong to them. */
export interface EventParts {
  readonly activity?: keyof typeof activityIds;
  readonly severity: EventSeverity;
  readonly status: keyof typeof statusIds;
  /** The same in the next scan. */
  readonly uid: string;
  readonly title: string;
  readonly message: string;
  /** The check: the id of a rule, or what stands for one. */
  readonly check: string;
  readonly result: keyof typeof resultIds;
  /** The result in the words of the JSON report. */
  readonly code: string;
  /** The result in sentences. */
  readonly details: readonly string[];
  readonly subscription?: CloudAccount | undefined;
  readonly region?: string | undefined;
  /** More members of these objects of the schema. */
  readonly findingInfo?: object;
  readonly compliance?: object;
  /** More members of the event. */
  readonly rest?: object;
}

/** A subscription of Azure: an account in the words of the schema. */
interface CloudAccount {
  readonly id: string;
  readonly name: string;
}

/** Makes events of a report: Compliance Findings with the cloud profile. Source: https://schema.ocsf.io/1.5.0 */
export function eventsOf(
  { tool, finishedAt, identity }: ScanReport,
  { cloud }: Pick<ScanReportContext, 'cloud'>,
): (parts: EventParts) => object {
  const product = { name: tool.name, vendor_name: 'purgeproof', version: tool.version };
  const time = Date.parse(finishedAt);
  const place = { provider: 'Azure', ...(cloud === undefined ? {} : { cloud_partition: cloud }) };
  return (parts) => {
    const { activity = 'Create', severity, status, result, subscription, region } = parts;
    return {
      metadata: {
        product,
        version: schemaVersion,
        profiles: ['cloud'],
        event_code: parts.check,
        ...(identity === undefined ? {} : { tenant_uid: identity.tenantId }),
      },
      category_uid: 2,
      category_name: 'Findings',
      class_uid: classUid,
      class_name: className,
      activity_id: activityIds[activity],
      activity_name: activity,
      type_uid: classUid * 100 + activityIds[activity],
      type_name: `${className}: ${activity}`,
      time,
      timezone_offset: 0,
      severity_id: severityIds[severity],
      severity,
      status_id: statusIds[status],
      status,
      message: parts.message,
      cloud: { ...place, ...accountOf(subscription), ...(region === undefined ? {} : { region }) },
      finding_info: { uid: parts.uid, title: parts.title, ...parts.findingInfo },
      compliance: {
        control: parts.check,
        ...resultNumbers(result),
        status_code: parts.code,
        ...(parts.details.length === 0 ? {} : { status_details: parts.details }),
        ...parts.compliance,
      },
      ...parts.rest,
    };
  };
}

/** A result as the schema has it, by number and in words. */
export function resultNumbers(result: EventParts['result']) {
  return { status_id: resultIds[result], status: result };
}

function accountOf(subscription: CloudAccount | undefined): object {
  if (subscription === undefined) return {};
  const { id, name } = subscription;
  return { account: { uid: id, name, type_id: 13, type: 'Azure Subscription' } };
}
