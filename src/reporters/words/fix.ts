import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Remediation } from '../../model/rule.ts';
import type { Risk } from '../../model/risk.ts';
import { joinWords } from '../../model/join-words.ts';
import { shortField, valueWords } from './values.ts';

const riskWords: Readonly<Record<Risk, string>> = {
  safe: 'Safe.',
  disruptive: 'Disruptive: it may cut off current users.',
  irreversible: 'Irreversible: it can never be undone.',
};

/**
 * The kind of fix of a finding in a few words: `fix in place, irreversible`, or the flag of `plan` without which it is left to
 * a person; empty where none is known.
 */
export function fixLabel(remediation: Remediation | undefined): string {
  if (remediation === undefined) return '';
  const { risk, patch } = remediation;
  const way = patch === undefined ? 'fix by hand' : 'fix in place';
  if (patch !== undefined && risk === 'disruptive') return 'fix with --allow disruptive';
  return risk === 'safe' ? way : `${way}, ${risk}`;
}

/** The same in sentences: what to set, what it costs, what to know beforehand. */
export function fixWords(remediation: Remediation | undefined): string {
  if (remediation === undefined) return '';
  const { risk, patch, manual } = remediation;
  const sentences: string[] = [];
  if (patch !== undefined) sentences.push(`Set ${joinWords(assignments(patch))}. ${riskWords[risk]}`);
  if (manual !== undefined) sentences.push(patch === undefined ? `By hand: ${manual}` : manual);
  if (patch === undefined && risk !== 'safe') sentences.push(riskWords[risk]);
  return sentences.join(' ');
}

function assignments(patch: JsonObject, prefix = ''): readonly string[] {
  return Object.entries(patch).flatMap(([key, value]: [string, Json | undefined]) => {
    const path = `${prefix}${key}`;
    if (isJsonObject(value)) return assignments(value, `${path}.`);
    return value === undefined ? [] : [`${shortField(path)} = ${valueWords(value)}`];
  });
}
