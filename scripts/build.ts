import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleForRelease, root } from './bundle.ts';

const dist = resolve(process.argv[2] ?? join(root, 'dist'));
// The package holds all of dist/, and the action is none of it.
rmSync(dist, { recursive: true, force: true });
// policies/ and package.json are looked for two folders above the program.
await bundleForRelease({
  entryPoints: { bin: 'src/cli/bin.ts' },
  outdir: join(dist, 'cli'),
  extension: '.js',
});
