import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PolicyError, type Problem } from '../../../src/model/errors.ts';
import type { Config } from '../../../src/model/config.ts';
import type { PolicyFile } from '../../../src/model/settings.ts';
import { reportBeginnings } from '../../../src/reporters/scan/beginnings.ts';
import { configChecker } from '../../../src/rules/load/config.ts';

const checkConfig = configChecker(Object.keys(reportBeginnings));

const root = join(import.meta.dirname, '../../fixtures');

/** The files of a folder of fixtures, in order; their expectations (`.txt`) are left out. */
export function fixtureNames(folder: string): readonly string[] {
  return readdirSync(join(root, folder))
    .filter((name) => /\.(yaml|json)$/u.test(name))
    .toSorted();
}

/** A fixture as a user's rule file that is named without its folder. */
export function fixture(folder: string, file: string): PolicyFile {
  return { file, bytes: readFileSync(join(root, folder, file)), builtIn: false };
}

/** Where the expectation of a fixture stands. */
export function expectationOf(folder: string, file: string): string {
  return join(
    root,
    folder,
    file.replace(/\.(yaml|json)$/u, (end) => (end === '.json' ? '.json.txt' : '.txt')),
  );
}

/** A rule file, or another, from text. */
export function fileOf(text: string, file = 'rule.yaml'): PolicyFile {
  return { file, bytes: new TextEncoder().encode(text), builtIn: false };
}

/** Problems as a terminal shows them, one a line. */
export function linesOf(problems: readonly Problem[]): string {
  return problems.map((p) => `${p.file}:${p.line}:${p.column}  ${p.message}\n`).join('');
}

/** The problems for which `load` refuses; fails the test when it does not refuse, or for another reason. */
export function refusalOf(load: () => unknown): readonly Problem[] {
  try {
    load();
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  throw new Error('it was not refused');
}

/** A configuration without mistakes; any mistake refuses it. */
export function loadConfig(file: PolicyFile): Config {
  const { config, problems } = checkConfig(file);
  if (problems.length > 0) throw new PolicyError(problems);
  if (config === undefined) throw new Error('nothing is wrong with the configuration, and there is none');
  return config;
}
