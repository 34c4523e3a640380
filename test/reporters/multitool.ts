import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import multitool from '@microsoft/sarif-multitool';

/** The folder of Microsoft's SARIF Multitool for this platform; it also holds the official schema. */
export const multitoolFolder = dirname(multitool);

interface ValidationResult {
  readonly ruleId: string;
  /** Absent means warning, or the default of the rule: both count as a complaint. */
  readonly level?: string;
  readonly message: { readonly arguments?: readonly string[] };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
  }[];
}

/** Validates SARIF files by name with the rule kinds Sarif and Ghas. Gives every error and warning. */
export async function complaints(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'purgeproof-sarif-'));
  try {
    const paths = Object.keys(files).map((name) => join(folder, `${name}.sarif`));
    for (const [index, text] of Object.values(files).entries()) await writeFile(paths[index]!, text);
    const output = join(folder, 'validation-log.json');
    const flags = ['--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning', '--output', output];
    await promisify(execFile)(multitool, ['validate', ...paths, ...flags], {
      maxBuffer: 1e9,
    });
    const log = JSON.parse((await readFile(output, 'utf8')).replace(/^\uFEFF/, ''));
    const results: readonly ValidationResult[] = log.runs[0].results;
    return results
      .filter(({ level }) => level !== 'note')
      .map(
        ({ ruleId, message, locations }) =>
          `${ruleId} ${message.arguments?.join(' ')} ${locations[0]?.physicalLocation.artifactLocation.uri}`,
      );
  } finally {
    await rm(folder, { recursive: true });
  }
}
