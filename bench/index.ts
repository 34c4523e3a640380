import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { access } from './access.ts';
import { archive } from './archive.ts';
import { coldStart } from './cold-start.ts';
import { diff } from './diff.ts';
import { evaluation } from './evaluation.ts';
import { growth } from './growth.ts';
import { largeInventory } from './large-inventory.ts';
import { opening } from './opening.ts';
import { oddInputs } from './odd-inputs.ts';
import { infrastructureCode } from './infrastructure-code.ts';
import { memory } from './memory.ts';
import { closedVaults, objects } from './objects.ts';
import { pushedDown, reads } from './reads.ts';
import { reporting } from './reporting.ts';
import { recycleBins } from './recycle-bins.ts';
import { rights } from './rights.ts';
import { folder, root } from './scanner.ts';
import { renderSection, type Section } from './section.ts';
import { peers } from './peers.ts';
import { publicRepository } from './public-repository.ts';
import { azCliComparison } from './az-cli.ts';

/** In the order of the page. */
const measurements: Readonly<Record<string, () => Promise<Section>>> = {
  evaluation,
  'cold-start': coldStart,
  'large-inventory': largeInventory,
  reads,
  'pushed-down': pushedDown,
  rights,
  'recycle-bins': recycleBins,
  access,
  memory,
  objects,
  'closed-vaults': closedVaults,
  growth,
  reporting,
  opening,
  diff,
  archive,
  'odd-inputs': oddInputs,
  'infrastructure-code': infrastructureCode,
  'public-repository': publicRepository,
  'az-cli': azCliComparison,
  peers,
};

/** Measures everything and writes each chapter to standard output and all to docs/performance.md; with names as arguments, only those, to standard output. */
async function bench(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !(name in measurements));
  if (unknown !== undefined)
    throw new Error(`no measurement ${unknown}: ${Object.keys(measurements).join(', ')}`);
  const chapters: string[] = [];
  for (const [name, measure] of Object.entries(measurements)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    const chapter = `${renderSection(await measure())}\n\n_\`npm run bench -- ${name}\`_`;
    // The run takes the better part of an hour: what is measured survives a chapter that fails.
    process.stdout.write(`${chapter}\n\n`);
    chapters.push(chapter);
  }
  if (names.length > 0) return;
  const text = `${[...head(), ...chapters].join('\n\n')}\n`;
  const page = join(root, 'docs/performance.md');
  writeFileSync(page, text);
  execFileSync(process.execPath, [join(root, 'node_modules/oxfmt/bin/oxfmt'), page]);
}

function head(): readonly string[] {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB`;
  return [
    '# Performance',
    'Written by `npm run bench`; a single chapter is measured again by the command below it. Everything is a ratio, to a ' +
      'target, to what Azure’s quota imposes or to another way of doing the same: absolute times would say more about the ' +
      'machine. Each figure is the best of several runs unless it says otherwise.',
    `Measured on ${machine}, Node.js ${process.version}, ${process.platform}. Azure is the emulator of this ` +
      'repository in a process of its own, behind TLS, with the documented quota of 15 requests in 5 seconds and no ' +
      'latency of the network. The scanner is the built program, which knows nothing of the emulator.',
  ];
}

try {
  await bench(process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
