import type { ExportTarget } from '../azure-policy/export-exemptions.ts';
import type { SourceFile } from '../documents/document.ts';
import { PolicyError, UsageError } from '../model/errors.ts';
import type { ResourceScope } from '../model/resource-scope.ts';
import { canonicalJson } from '../model/json.ts';
import { appendExemption, exemptionText, type NewExemption } from '../rules/exemptions/append.ts';
import { hasExpired } from '../rules/exemptions/find.ts';
import { describeNoRule, findRules, type KnownRules } from '../rules/find-rule.ts';
import { loadExemptions } from '../rules/load/exemptions.ts';

/** An exemption to add, and what it is added to. */
export interface AddRequest {
  readonly exemption: NewExemption;
  /** The exemptions file, as named; `bytes` are absent where it is not there yet. */
  readonly file: string;
  readonly bytes: Uint8Array | undefined;
  readonly rules: KnownRules;
  readonly now: Date;
}

/** The text of the file with the exemption in it, the exemption as it stands there, and its line. */
export interface AddedExemption {
  readonly text: string;
  readonly item: string;
  readonly line: number;
}

/**
 * Adds an exemption to the text of a file. Throws UsageError for one that is wrong in itself, and PolicyError for a file that does not
 * load, and for an exemption in force that says the same of the same scope.
 */
export function addExemption({ exemption: given, file, bytes, rules, now }: AddRequest): AddedExemption {
  const exemption = checked(given, rules, now);
  const known = bytes === undefined ? [] : loadExemptions({ file, bytes }, rules);
  const same = known.find(
    (one) => !hasExpired(one, now) && one.rule === exemption.rule && isSameScope(one.scope, exemption.scope),
  );
  if (same !== undefined) {
    const message = `the exemption from ${same.rule} for this scope is here already, until ${same.expiresOn}: change it in its place`;
    throw new PolicyError([{ ...same.location, message }]);
  }
  const text = appendExemption(bytes === undefined ? undefined : new TextDecoder().decode(bytes), exemption);
  const loaded = loadExemptions({ file, bytes: new TextEncoder().encode(text) }, rules);
  const added = loaded.at(-1);
  if (added === undefined || loaded.length !== known.length + 1)
    throw new Error('an exemption was added to a file, and is not in it');
  return { text, item: exemptionText(exemption), line: added.location.line };
}

/** The exemption with the id of its rule. */
function checked(exemption: NewExemption, rules: KnownRules, now: Date): NewExemption {
  const [read] = readAlone({ file: 'exemption', bytes: encoded(exemption) }, rules);
  if (read === undefined) throw new Error('an exemption was read, and is not there');
  if (hasExpired(read, now))
    throw new UsageError(
      `${read.expiresOn} is over: an exemption that has expired exempts nothing.`,
      'Name the last day on which it holds, in UTC: --expires YYYY-MM-DD',
    );
  const { location: _, ...rest } = read;
  return rest;
}

function encoded(exemption: NewExemption): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ exemptions: [exemption] }));
}

/** There is no file yet: the messages stand without a place. */
function readAlone(file: SourceFile, rules: KnownRules): ReturnType<typeof loadExemptions> {
  try {
    return loadExemptions(file, rules);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const messages = error.problems.map(
      ({ message }) => `${message.charAt(0).toUpperCase()}${message.slice(1)}`,
    );
    throw new UsageError(
      messages.map((text) => (/[.?]$/u.test(text) ? text : `${text}.`)).join('\n'),
      'Nothing was written.',
    );
  }
}

/** Azure ignores letter case in all but the values of tags. */
function isSameScope(one: ResourceScope, other: ResourceScope): boolean {
  return canonicalScope(one) === canonicalScope(other);
}

function canonicalScope({ tag = {}, ...rest }: ResourceScope): string {
  const ids = Object.entries(rest).map(([key, value]) => [key, value.toLowerCase().replace(/\/+$/u, '')]);
  const tags = Object.entries(tag).map(([key, value]) => [key.toLowerCase(), value]);
  return canonicalJson({ ...Object.fromEntries(ids), tag: Object.fromEntries(tags) });
}

/** The flags of an export about assignments: `[RULE=]ID` and `RULE=REFERENCE`. */
interface AssignmentFlags {
  readonly assignment: readonly string[];
  readonly reference: readonly string[];
}

/** Reads them. Throws UsageError for a rule that there is not, and for what is no id of an assignment. */
export function exportTarget({ assignment, reference }: AssignmentFlags, rules: KnownRules): ExportTarget {
  const definitions = new Map<string, string>();
  const initiatives: string[] = [];
  for (const flag of assignment) {
    const [, rule, id = ''] = /^(?:([^=/]+)=)?(.*)$/u.exec(flag) ?? [];
    if (!/\/providers\/microsoft\.authorization\/policyassignments\/[^/]+$/iu.test(id))
      throw new UsageError(
        `--assignment ${flag} names no assignment of Azure Policy.`,
        'Give its id, as `az policy assignment list` has it.',
      );
    if (rule === undefined) initiatives.push(id);
    else definitions.set(ruleId(rule, `--assignment ${flag}`, rules), id);
  }
  const [initiative, another] = initiatives;
  if (another !== undefined)
    throw new UsageError(
      'Two initiatives are named.',
      'Export once for each, or say the rule: --assignment RULE=ID',
    );
  const references = new Map<string, string[]>();
  for (const flag of reference) {
    const [, rule = '', id = ''] = /^([^=]+)=(.+)$/u.exec(flag) ?? [];
    if (id === '') throw new UsageError(`--reference ${flag} is not of the form RULE=REFERENCE.`);
    const key = ruleId(rule, `--reference ${flag}`, rules);
    references.set(key, [...(references.get(key) ?? []), id]);
  }
  if (references.size > 0 && initiative === undefined)
    throw new UsageError(
      '--reference is about an initiative, and none is named.',
      'Name its assignment: --assignment ID',
    );
  if (references.size === 0 && initiative !== undefined)
    throw new UsageError(
      'Of an initiative, the policies that rules correspond to must be named: all of it would exempt from more.',
      'Name them: --reference RULE=REFERENCE; or say the rule of a single policy: --assignment RULE=ID',
    );
  return {
    definitions,
    ...(initiative === undefined ? {} : { initiative: { assignment: initiative, references } }),
  };
}

function ruleId(written: string, flag: string, rules: KnownRules): string {
  const mistake = describeNoRule(written, rules);
  if (mistake !== undefined) throw new UsageError(`${flag}: ${mistake}.`.replace('?.', '?'));
  return findRules(written, rules.named)[0]?.id ?? written;
}
