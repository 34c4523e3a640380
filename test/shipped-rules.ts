import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../src/model/json.ts';
import { type CompiledRule, compileRule } from '../src/rules/evaluate.ts';
import { loadRules } from '../src/rules/load/rules.ts';

const folder = join(import.meta.dirname, '../policies');

/** The rules that ship with purgeproof, compiled; all of them, or only those named. */
export function shippedRules(
  ids: readonly string[] = [],
  parameters: Readonly<Record<string, Json>> = {},
): readonly CompiledRule[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => ({ file: `policies/${file}`, bytes: readFileSync(join(folder, file)), builtIn: true }));
  return loadRules(files)
    .rules.filter(({ id }) => ids.length === 0 || ids.includes(id))
    .map((rule) => compileRule(rule, parameters));
}
