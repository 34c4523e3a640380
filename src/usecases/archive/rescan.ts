import type { ArchivedName, ScanArchive } from '../../model/archive.ts';
import type { Cloud } from '../../model/cloud.ts';
import { UsageError } from '../../model/errors.ts';
import type { ArchiveTarget } from '../../model/target.ts';
import { compileRule } from '../../rules/evaluate.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import type { ScanPolicies } from '../settings/load-policies.ts';
import type { ArchivedRule } from './line-kinds.ts';
import { emptyArchive, type LineReader, lineReader, notAScan } from './scan-lines.ts';

/** The scans of an archive that a rescan takes its facts and its rules from. */
export interface RescanRequest {
  /** The facts of the last scan that began by then; the last of all where it is left out. */
  readonly asOf?: Date | undefined;
  /** The rules and exemptions of such a scan; those of today where it is left out. */
  readonly rulesAsOf?: Date | undefined;
}

/** An archived scan whose facts are judged again. */
export interface Rescan {
  readonly target: ArchiveTarget;
  readonly policies: ScanPolicies | undefined;
  readonly cloud: Cloud;
  /** The start of the scan: what expires, and how many days are left, counts from there. */
  readonly startedAt: Date;
  readonly lines: LineReader;
}

/** Finds what a rescan needs. Throws UsageError where there is no such scan, or it is damaged. */
export async function openRescan(archive: ScanArchive, { asOf, rulesAsOf }: RescanRequest): Promise<Rescan> {
  const names = await archive.list();
  const facts = lastBy(names, asOf, archive);
  const lines = lineReader(await archive.read(facts), facts.file);
  const { names: sources, cloud } = lines.value('sources');
  const rules = rulesAsOf === undefined ? undefined : lastBy(names, rulesAsOf, archive);
  return {
    target: { kind: 'archive', folder: archive.folder, file: facts.file, sources },
    cloud,
    policies: rules && policiesIn(lineReader(await archive.read(rules), rules.file), rules.file),
    startedAt: new Date(facts.startedAt),
    lines,
  };
}

function lastBy(
  names: readonly ArchivedName[],
  moment: Date | undefined,
  { folder }: ScanArchive,
): ArchivedName {
  const [first] = names;
  if (first === undefined) throw emptyArchive({ folder });
  const found = names.findLast(({ startedAt }) => moment === undefined || new Date(startedAt) <= moment);
  if (found !== undefined) return found;
  throw new UsageError(
    `The archive ${folder} holds no scan from ${moment?.toISOString() ?? ''} or earlier.`,
    `Its first scan is of ${first.startedAt}.`,
  );
}

/** The rules that a scan judged by, and its exemptions. */
function policiesIn(lines: LineReader, file: string): ScanPolicies {
  const compiled = Array.from(lines.values('rule'), (one) => compileArchived(one, file));
  return {
    rules: compiled.map(({ rule }) => rule),
    compiled,
    neverApply: new Map(),
    notEvaluated: [],
    exemptions: [...lines.values('exemption')],
  };
}

function compileArchived({ rule, parameters, byScope }: ArchivedRule, file: string): CompiledRule {
  try {
    return compileRule(rule, parameters, byScope);
  } catch (error) {
    throw notAScan(
      file,
      `the rule ${rule.id} cannot be used: ${error instanceof Error ? error.message : ''}`,
    );
  }
}
