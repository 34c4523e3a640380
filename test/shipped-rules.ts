import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../src/model/json.ts';
import { type CompiledRule, compileRule } from '../src/rules/evaluate.ts';
import { loadRules } from '../src/rules/load/rules.ts';

const folder = join(import.meta.dirname, '../policies');

/** Loaded once: a test worker runs many files. */
const shipped = loadRules(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => ({ file: `policies/${file}`, bytes: readFileSync(join(folder, file)), builtIn: true })),
).rules;

/** The rules that ship with purgeproof, compiled; all of them, or only those named. */
export function shippedRules(
  ids: readonly string[] = [],
  parameters: Readonly<Record<string, Json>> = {},
): readonly CompiledRule[] {
  return shipped
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .map((rule) => compileRule(rule, parameters));
}
