import type { CoveragePartName, SourceName } from './source-name.ts';

/** The target of a scan: one of these, never a mixture. */
export type Target = LiveTarget | InventoryTarget | ArchiveTarget | CodeTarget;

/** Azure as it is now. With nothing named it is everything that the identity sees. */
export interface LiveTarget {
  readonly kind: 'live';
  /** Ids in any letter case, or display names. */
  readonly subscriptions: readonly string[];
  /** Ids, or display names. */
  readonly managementGroups: readonly string[];
  /** The parts that are read in addition to the resources of the subscriptions. */
  readonly include: readonly CoveragePartName[];
}

/** A file that someone exported, always read in full. */
export interface InventoryTarget {
  readonly kind: 'inventory';
  /** A path; `-` is standard input. */
  readonly file: string;
  /** True if the user states that a bare list in it is complete. */
  readonly complete: boolean;
}

/** The facts of an archived scan. */
export interface ArchiveTarget {
  readonly kind: 'archive';
  /** A path. */
  readonly folder: string;
  /** The file of the scan in it. */
  readonly file: string;
  /** The names of the sources that the scan read, that of its target first. */
  readonly sources: readonly [SourceName, ...SourceName[]];
}

/** The forms of infrastructure code, by the flags that name it: a JSON template, a Bicep file, a plan, a folder. */
export const codeForms = ['template', 'bicep', 'terraform', 'source'] as const;

/** One of them. */
export type CodeForm = (typeof codeForms)[number];

/** Infrastructure code that is not deployed yet. The kind is the name of the source that reads it. */
export interface CodeTarget {
  readonly kind: 'template' | 'plan';
  readonly form: CodeForm;
  readonly path: string;
  /** A file with values for the parameters of a template. */
  readonly parameters?: string;
  /** The commit in which the folder is read; absent for the files as they are now. */
  readonly commit?: string;
  /** Azure, where it is to be said what is there of what the code declares. */
  readonly deployed?: LiveTarget;
}

/** A commit that code is compared with. */
export interface BaseCommit {
  readonly id: string;
  /** Its name to people: the branch, tag or commit that somebody named. */
  readonly name: string;
  /** ISO 8601 UTC. */
  readonly committedAt: string;
}
