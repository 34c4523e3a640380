import { type EvidenceWording, evidenceSentences, foundSentences } from '../../model/evidence-words.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Json } from '../../model/json.ts';

/** Longer values are truncated for readers, with the number of characters that are missing; the JSON report has all. */
const maxValueLength = 160;

const wording: EvidenceWording = { field: shortField, value: valueWords };

/** The facts of a finding as sentences: `enableSoftDelete is false, expected true`. */
export function evidenceWords(evidence: readonly Evidence[]): readonly string[] {
  return evidenceSentences(evidence, wording);
}

/** The facts behind a finding as sentences; its message where it has none. */
export function factsOf({ evidence, message }: Pick<Finding, 'evidence' | 'message'>): readonly string[] {
  return evidence.length === 0 ? [message] : evidenceWords(evidence);
}

/** The same without what was expected: `enableSoftDelete is false`. */
export function foundWords(evidence: readonly Evidence[]): readonly string[] {
  return foundSentences(evidence, wording);
}

/** The parameters of the scope of a resource, where it has others than the rule: `judged with minimumRetentionDays = 30`; else empty. */
export function judgedWithWords({ parameters }: Pick<Finding, 'parameters'>): string {
  return parameters === undefined ? '' : `judged with ${parameterWords(parameters)}`;
}

/** Parameters and their values: `minimumRetentionDays = 30, allowed = ["a"]`. */
export function parameterWords(parameters: Readonly<Record<string, Json>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${valueWords(value)}`)
    .join(', ');
}

/** The line of code that decides, as compilers write it: `infra/main.bicep:12`; empty for what was not read from code. */
export function declaredWords({ declaredAt }: Pick<Finding, 'declaredAt'>): string {
  return declaredAt === undefined ? '' : `${declaredAt.file}:${declaredAt.line}`;
}

/** Strings as they are, since verdicts carry words (`unset`, `at least 90`); everything else as JSON. */
export function valueWords(value: Json): string {
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  if (text.length <= maxValueLength) return text;
  const shown = text.slice(0, maxValueLength).replace(/[\uD800-\uDBFF]$/, '');
  return `${shown}… (${text.length - shown.length} more characters)`;
}

/** A path without the `properties.` that nearly all of them start with. */
export function shortField(path: string): string {
  return path.replace(/\bproperties\./, '');
}
