import type { Result } from 'sarif';
import type { Finding } from '../../../model/finding.ts';
import type { CodeScanning } from '../format.ts';
import { sarifName, sarifText } from '../../text/sarif.ts';
import { locationOf } from './location.ts';
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
