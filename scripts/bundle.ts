import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build as esbuild, type Metafile, type Plugin } from 'esbuild';
import { shippedRules } from '../src/files/shipped-rules.ts';
import { thirdPartyNotices } from './third-party-notices.ts';

/** The repository. */
export const root = join(import.meta.dirname, '..');

/** What to bundle, and where to. */
export interface BundleRequest {
  /** Sources that stay modules of their own, by the name of their output without its extension. */
  readonly entryPoints: Readonly<Record<string, string>>;
  /** Emptied first: what left the sources must not live on in a release. */
  readonly outdir: string;
  readonly extension: '.js' | '.mjs';
}

/** Dependencies written as CommonJS call require, which an ES module has not: the module that does so for all of them gets one. */
const givesRequire = `import { createRequire as purgeproofRequire } from 'node:module';
const require = purgeproofRequire(import.meta.url);
`;

/** Puts the rules themselves in the place of the module that reads them from `policies/`. */
const rulesAsData: Plugin = {
  name: 'rules-as-data',
  setup(build) {
    build.onLoad({ filter: /[/\\]src[/\\]files[/\\]shipped-rules\.ts$/ }, () => ({
      contents: `export const shippedRules = ${JSON.stringify(shippedRules)};`,
    }));
  },
};

/**
 * Loads what starts other programs when one is started. Commander loads it for commands that are programs of their own,
 * which purgeproof has none of; it takes a tenth as long to load as Node.js takes to start.
 */
const childProcessWhenCalled: Plugin = {
  name: 'child-process-when-called',
  setup(build) {
    const name = 'child-process-when-called';
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[/\\]node_modules[/\\]commander[/\\]/.test(importer) ? { path: name, namespace: name } : null,
    );
    build.onLoad({ filter: /^/, namespace: name }, () => ({
      contents: `exports.spawn = (...given) => require('node:child_process').spawn(...given);`,
    }));
  },
};

/**
 * Bundles entry points with everything that they import, node_modules included, into modules that share what they have
 * in common; what is imported dynamically is a module that loads when it is asked for. The same sources and lock file
 * give the same bytes. Names and lines are kept, so that the stack of a bug can be read without a source map.
 */
export async function bundle({ entryPoints, outdir, extension }: BundleRequest): Promise<Metafile> {
  rmSync(outdir, { recursive: true, force: true });
  const { metafile, outputFiles } = await esbuild({
    absWorkingDir: root,
    entryPoints: { ...entryPoints },
    outdir,
    outExtension: { '.js': extension },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minifySyntax: true,
    legalComments: 'eof',
    metafile: true,
    write: false,
    plugins: [rulesAsData, childProcessWhenCalled],
    logLevel: 'warning',
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text.includes('typeof require') ? givesRequire + text : text);
  }
  return metafile;
}

/** Bundles a program for release, with the notices of what is bundled beside it, and prints its size. */
export async function bundleForRelease(request: BundleRequest): Promise<void> {
  const { outdir } = request;
  const metafile = await bundle(request);
  writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(metafile, root));
  for (const name of Object.keys(request.entryPoints))
    chmodSync(join(outdir, name + request.extension), 0o755);
  const sizes = Object.values(metafile.outputs).map(({ bytes }) => bytes);
  const megabytes = (sizes.reduce((sum, bytes) => sum + bytes, 0) / 1e6).toFixed(1);
  process.stderr.write(`${relative(root, outdir)}: ${sizes.length} modules, ${megabytes} MB\n`);
}
