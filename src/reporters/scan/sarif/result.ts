import type { Location as SarifLocation, Result } from 'sarif';

import type { Finding } from '../../../model/finding.ts';
import type { CodeScanning } from '../format.ts';
import { sarifName, sarifText } from '../../text/sarif.ts';
import { levelOf } from './severity.ts';

/** The parts of the report that every result refers to. */
export interface ResultContext {
  readonly ruleIndex: ReadonlyMap<string, number>;
  readonly codeScanning: CodeScanning;
}

/**
 * A failure as code scanning ingests it. The fingerprint is our own: one that GitHub computes from the anchored line
 * would be the same for two vaults at one place, and would change when a file moves.
 */
export function describeResult(finding: Finding, { ruleIndex, codeScanning }: ResultContext): Result {
  const index = ruleIndex.get(finding.ruleId);
  return {
    ruleId: sarifName(finding.ruleId),
    ...(index === undefined ? {} : { ruleIndex: index }),
    kind: 'fail',
    level: levelOf[finding.severity],
    message: { text: messageOf(finding) },
    locations: [locationOf(finding, codeScanning)],
    partialFingerprints: { primaryLocationLineHash: finding.fingerprint },
  };
}

function messageOf({ message, resource }: Finding): string {
  return sarifText(`${message} (${resource.id}).`);
}

/** The root of the checkout, by the name that GitHub and CodeQL use. */
export const sourceRoot = '%SRCROOT%';

/**
 * The location of a finding in code scanning: the anchor as the one physical location, the Azure resource as the logical
 * one. Throws when the anchor is not a relative path, since GitHub refuses the whole file for one such location.
 */
function locationOf(finding: Finding, { anchor, repository }: CodeScanning): SarifLocation {
  const { file, line, column } = anchor(finding);
  const { id, name } = finding.resource;
  return {
    physicalLocation: {
      artifactLocation: {
        uri: relativeUri(file),
        ...(repository === undefined ? {} : { uriBaseId: sourceRoot }),
      },
      region: { startLine: line, startColumn: column, endLine: line, endColumn: column + 1 },
    },
    logicalLocations: [{ name: sarifName(name), fullyQualifiedName: sarifName(id), kind: 'resource' }],
  };
}

/** Percent-encoded by segment: a colon in a file name must not read as the end of a scheme. */
function relativeUri(file: string): string {
  const path = file.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  const segments = path.split('/');
  const onDrive = /^[a-z]:\//i.test(path);
  if (onDrive || segments.some((segment) => segment === '' || segment === '..')) {
    throw new Error(`The anchor of a finding is not the relative path of a file: ${JSON.stringify(file)}`);
  }
  return segments.map((segment) => encodeURIComponent(segment.replace(/\p{Cs}/gu, '\uFFFD'))).join('/');
}
