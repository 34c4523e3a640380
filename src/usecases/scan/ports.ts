import type { Anchoring, AnchorRequest } from '../../model/anchors.ts';
import type { ScanArchive } from '../../model/archive.ts';
import type { CommandInputs, Destination } from '../../model/destination.ts';
import type { ExemptionNotice } from '../../model/exemption-notice.ts';
import type { PolicyFiles } from '../../model/settings.ts';
import type { ReadProgress, ScanActivity, ScanSources } from '../../model/source.ts';
import type { RowsWanted } from '../../model/rows-wanted.ts';
import type { ScanSettings } from '../settings/scan-settings.ts';

/** The outside of a scan: files, Azure or an inventory, and the person who watches. */
export interface ScanPorts {
  readonly files: PolicyFiles;
  /** Throws UsageError where a document cannot be written, or would overwrite an input or a file read by `files`. */
  readonly checkDestinations: (destinations: readonly Destination[], inputs: CommandInputs) => Promise<void>;
  /** Begins the sign-in that a live target needs, while rules and files are read; `openSources` tells what fails. */
  readonly beginSignIn: (settings: ScanSettings, signal: AbortSignal) => void;
  readonly openSources: (settings: ScanSettings, options: SourceOptions) => Promise<ScanSources>;
  /** Throws UsageError where no scan can be added to the archive in this folder. Writes nothing. */
  readonly openArchive: (folder: string) => Promise<ScanArchive>;
  readonly findAnchors: (request: AnchorRequest) => Promise<Anchoring>;
  readonly progress: ScanProgress;
  readonly onNotice: (notice: ScanNotice) => void | Promise<void>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** The needs of rules and exemptions, and the listener to the progress of a source. */
export interface SourceOptions extends RowsWanted {
  /** The types of the target that at least one rule is about: these must have been read completely. */
  readonly judgedTypes: readonly string[];
  /** True where an exemption names a subscription: then every one that could be meant has to be known by name. */
  readonly subscriptionNames: boolean;
  readonly onProgress: (progress: ReadProgress) => void;
}

/** A condition that the author of a rule or an exemption should know of. */
export interface ScanNotice extends Pick<ExemptionNotice, 'at' | 'message'> {
  readonly kind:
    | 'ruleNeverApplies'
    | 'parametersWithoutEffect'
    | 'limitWithoutEffect'
    | 'definitionNotEvaluated'
    | ExemptionNotice['kind'];
}

/** Shows what is being done, and how much has been read. */
export interface ScanProgress {
  readonly show: (activity: ScanActivity) => void;
  /** Ends the display, when nothing more is read, or a person is told something else. */
  readonly clear: () => Promise<void>;
}
