import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { packageRoot, run, type Setting } from '../cli/run.ts';

/** What a scan of a case shows and says. */
export interface Shown {
  /** Where each vault is shown, by its name: `main.bicep:3`, or `elsewhere` where it is not in the case's code. */
  readonly places: Readonly<Record<string, string>>;
  readonly code: number;
  readonly stderr: string;
}

const scan = 'scan --inventory inventory.json --source-root code --rule AKV002 --output sarif';

/** Scans a folder of test/fixtures/cases, copied into a checkout of its own. */
export async function shown(name: string, setting: Setting = {}): Promise<Shown> {
  const checkout = await mkdtemp(join(tmpdir(), 'purgeproof-anchors-'));
  try {
    await mkdir(join(checkout, '.git'));
    await cp(join(packageRoot, 'test/fixtures/cases', name), checkout, { recursive: true });
    const { stdout, stderr, code } = await run(scan.split(' '), { ...setting, cwd: checkout });
    return { places: placesIn(JSON.parse(stdout)), code, stderr };
  } finally {
    await rm(checkout, { recursive: true });
  }
}

function placesIn(log: Log): Readonly<Record<string, string>> {
  const results = log.runs[0]?.results ?? [];
  return Object.fromEntries(
    results.map(({ locations, message }) => {
      const place = locations?.[0]?.physicalLocation;
      const uri = place?.artifactLocation?.uri ?? '';
      const vault = /\b(?:kv|vault-)[\w-]+/.exec(message.text ?? '')?.[0] ?? '';
      return [vault, uri.startsWith('code/') ? `${uri.slice(5)}:${place?.region?.startLine}` : 'elsewhere'];
    }),
  );
}
