import { statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { thirdPartyNotices } from './third-party-notices.ts';

const root = join(import.meta.dirname, '..');

// Dependencies written as CommonJS call require, which an ES module has not.
const banner = `import { createRequire as purgeproofRequire } from 'node:module';
const require = purgeproofRequire(import.meta.url);`;

/**
 * Bundles the action into one file that needs no node_modules: `policies/` and `package.json` two folders above it are
 * all that it reads. The same sources and lock file give the same bytes. The notices of what is bundled stand beside it.
 */
async function buildAction(outfile: string): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/action/index.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'eof',
    metafile: true,
    banner: { js: banner },
    logLevel: 'warning',
  });
  writeFileSync(join(dirname(outfile), 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(metafile, root));
  const megabytes = (statSync(outfile).size / 1e6).toFixed(1);
  process.stdout.write(`${relative(root, outfile)}: ${megabytes} MB\n`);
}

await buildAction(resolve(process.argv[2] ?? join(root, 'dist/action/index.mjs')));
