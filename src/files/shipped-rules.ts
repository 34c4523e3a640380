import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Rule } from '../model/rule.ts';
import type { PolicyFile } from '../model/settings.ts';
import { loadRules } from '../rules/load/rules.ts';

const folder = join(import.meta.dirname, '../../policies');

/** The files of the rules that ship with purgeproof, in order of their paths. */
export function shippedRuleFiles(): readonly PolicyFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => ({
      file: ['policies', ...file.split(sep)].join('/'),
      bytes: readFileSync(join(folder, file)),
      builtIn: true,
    }));
}

/**
 * The rules that ship with purgeproof, read when the program runs from its sources. The build puts their data in the place
 * of this module (`scripts/bundle.ts`), so that the package starts without reading YAML.
 */
export const shippedRules: readonly Rule[] = loadRules(shippedRuleFiles()).rules;
