import type { Notification, PropertyBag, ReportingDescriptor, Result, Run, ToolComponent } from 'sarif';
import type { ReportRule, ScanReport } from '../../../model/report.ts';
import { streamJson } from '../../json-stream.ts';
import { compareText } from '../../../model/compare-text.ts';
import type { CodeScanning } from '../format.ts';
import { sourceRoot } from './location.ts';
import { notificationDescriptors } from './notifications.ts';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
const informationUri = 'https://github.com/purgeproof/purgeproof';

/** The parts of a run in which the two profiles differ. */
export interface RunParts {
  readonly rules: readonly ReportingDescriptor[];
  readonly results: Iterable<Result>;
  readonly notifications: readonly Notification[];
  readonly taxonomies?: readonly ToolComponent[];
  readonly properties?: PropertyBag;
}

/** A SARIF log with one run, results streamed. */
/** Matches the first lines of our own logs. */
export const sarifBeginning =
  /^\s*\{[^{[]*"runs"\s*:\s*\[\s*\{\s*"tool"\s*:\s*\{\s*"driver"\s*:\s*\{\s*"name"\s*:\s*"purgeproof"/;

export function* sarifLog(report: ScanReport, codeScanning: CodeScanning, parts: RunParts): Iterable<string> {
  yield* streamJson({ $schema: schema, version: '2.1.0', runs: [runOf(report, codeScanning, parts)] });
  yield '\n';
}

/** The rules of a report by id: the order of `tool.driver.rules`, to which results point. */
export function rulesById({ rules }: ScanReport): readonly ReportRule[] {
  return rules.toSorted((a, b) => compareText(a.id, b.id));
}

/** From a rule's id to its place among `rules`. */
export function indexOf(rules: readonly ReportRule[]): ReadonlyMap<string, number> {
  return new Map(rules.map(({ id }, index) => [id, index]));
}

function runOf(report: ScanReport, codeScanning: CodeScanning, parts: RunParts): object {
  return {
    tool: { driver: driverOf(report, parts) },
    ...(parts.taxonomies === undefined ? {} : { taxonomies: parts.taxonomies }),
    invocations: [
      {
        executionSuccessful: report.complete,
        startTimeUtc: report.startedAt,
        endTimeUtc: report.finishedAt,
        toolExecutionNotifications: parts.notifications,
      },
    ],
    ...(codeScanning.category === undefined || codeScanning.category === ''
      ? {}
      : { automationDetails: { id: `${codeScanning.category}/` } }),
    ...provenanceOf(codeScanning),
    columnKind: 'utf16CodeUnits',
    ...(parts.properties === undefined ? {} : { properties: parts.properties }),
    results: parts.results,
  };
}

function driverOf(report: ScanReport, { rules, taxonomies = [] }: RunParts): object {
  const { tool } = report;
  return {
    name: tool.name,
    version: tool.version,
    semanticVersion: tool.version,
    informationUri,
    ...(taxonomies.length === 0
      ? {}
      : { supportedTaxonomies: taxonomies.map(({ name }, index) => ({ name, index })) }),
    notifications: notificationDescriptors(report),
    rules,
  };
}

function provenanceOf({
  repository,
}: CodeScanning): Pick<Run, 'versionControlProvenance' | 'originalUriBaseIds'> {
  if (repository === undefined) return {};
  const { uri, revision, branch } = repository;
  return {
    versionControlProvenance: [
      {
        repositoryUri: uri,
        revisionId: revision,
        ...(branch === undefined ? {} : { branch }),
        mappedTo: { uriBaseId: sourceRoot },
      },
    ],
    originalUriBaseIds: { [sourceRoot]: { description: { text: 'The root of the checkout.' } } },
  };
}
