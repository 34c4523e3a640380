import { join, resolve } from 'node:path';
import { bundleForRelease, root } from './bundle.ts';

// Needs no node_modules: `policies/` and `package.json` two folders above it are all that it reads.
await bundleForRelease({
  entryPoints: { index: 'src/action/index.ts' },
  outdir: resolve(process.argv[2] ?? join(root, 'dist/action')),
  extension: '.mjs',
});
