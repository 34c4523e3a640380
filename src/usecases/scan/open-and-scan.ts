import type { ScanReport } from '../../model/report.ts';
import { scannedTypes } from '../../resource-types/known-type.ts';
import type { ResourceSource } from '../../model/source.ts';
import { type RowsWanted, rowsWanted } from '../../rules/kql/rows-wanted.ts';
import type { ScanPolicies } from '../settings/load-policies.ts';
import { namesSubscription } from '../../rules/exemptions/resolve.ts';
import { scan, type ScanRequest } from '../scan.ts';

/** A scan whose source is still to be opened. */
export interface ScanTask extends Pick<
  ScanRequest,
  'tool' | 'now' | 'signal' | 'includeCompliant' | 'onNotice'
> {
  readonly policies: ScanPolicies;
  /** Read every row, even where Resource Graph could leave rows out without changing a verdict. */
  readonly full: boolean;
  /** Opens the source. */
  readonly open: (needs: SourceNeeds) => Promise<ResourceSource>;
}

/** What rules and exemptions need of a source. */
export interface SourceNeeds extends RowsWanted {
  /** The scanned types that at least one rule is about: these must have been seen whole. */
  readonly judgedTypes: readonly string[];
  /** True where an exemption names a subscription: then every one that could be meant has to be known by name. */
  readonly subscriptionNames: boolean;
}

/** Decides how much the source has to return, opens it, and scans it. */
export async function openAndScan({ policies, full, open, ...request }: ScanTask): Promise<ScanReport> {
  const { compiled, exemptions } = policies;
  // A compliant verdict can be listed only for a row that was returned.
  const readsAll = full || request.includeCompliant;
  const source = await open({
    ...rowsWanted(compiled, scannedTypes, { all: readsAll }),
    judgedTypes: scannedTypes.filter((type) => compiled.some(({ appliesTo }) => appliesTo(type))),
    subscriptionNames: exemptions.some((one) => namesSubscription(one, request.now())),
  });
  return scan({ ...request, rules: compiled, exemptions, source });
}
