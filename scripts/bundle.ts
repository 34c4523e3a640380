import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { minifySync } from 'rolldown/utils';
import { shippedRules } from '../src/files/shipped-rules.ts';
import { billOfMaterials } from './bill-of-materials.ts';
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

/** A module of a bundle. `sources` are the files that it holds code of, below the root. */
interface BundledModule {
  readonly fileName: string;
  readonly code: string;
  readonly sources: readonly string[];
}

/**
 * What the frequent commands load, each with all that it imports: to find, read and link a module takes longer than to
 * compile it. The formats of a scan that is neither shown as a table nor kept as JSON are one more. The rest is cut by who
 * imports it. An earlier layer holds nothing that only a later one needs.
 */
const layers = [
  { name: 'version', test: /[/\\]src[/\\]files[/\\]package-version\.ts$/ },
  { name: 'main', test: /[/\\]src[/\\]cli[/\\]main\.ts$/ },
  { name: 'rules', test: /[/\\]src[/\\](?:cli[/\\]commands[/\\]rules|files[/\\]shipped-rules)\.ts$/ },
  {
    name: 'scan',
    test: /[/\\]src[/\\](?:cli[/\\]commands[/\\]scan|sources[/\\]inventory[/\\]inventory|reporters[/\\]scan[/\\]json)\.ts$/,
  },
  { name: 'table', test: /[/\\]src[/\\]reporters[/\\]scan[/\\]table\.ts$/ },
  {
    name: 'reports',
    test: /[/\\]src[/\\]reporters[/\\]scan[/\\](?:sarif|sarif-full|markdown|csv|junit|ocsf)\.ts$/,
  },
];

/** Puts the rules themselves in the place of the module that reads them from `policies/`. */
const rulesAsData: Plugin = {
  name: 'rules-as-data',
  load: {
    filter: { id: /[/\\]src[/\\]files[/\\]shipped-rules\.ts$/ },
    // V8 reads JSON faster than an object that is written out in code.
    handler: () => `export const shippedRules = JSON.parse(String.raw\`${rawJson(shippedRules)}\`);`,
  },
};

/** JSON within backticks, where no quote has to be escaped. */
function rawJson(value: object): string {
  return JSON.stringify(value)
    .replaceAll('`', String.raw`\u0060`)
    .replaceAll('$', String.raw`\u0024`);
}

const whenCalled = 'child-process-when-called';

/**
 * Loads what starts other programs when one is started. Commander loads it for commands that are programs of their own,
 * which purgeproof has none of; it takes a tenth as long to load as Node.js takes to start.
 */
const childProcessWhenCalled: Plugin = {
  name: whenCalled,
  resolveId: {
    filter: { id: /^node:child_process$/ },
    handler: (_, importer = '') =>
      /[/\\]node_modules[/\\]commander[/\\]/.test(importer) ? whenCalled : null,
  },
  load: {
    filter: { id: new RegExp(`^${whenCalled}$`) },
    handler: () => `exports.spawn = (...given) => require('node:child_process').spawn(...given);`,
  },
};

/** Shorter spellings of the same: every statement and name stays where a stack says it is. */
const simplified = {
  compress: { sequences: false, joinVars: false, keepNames: { function: true, class: true } },
  mangle: false,
  codegen: { removeWhitespace: false },
} as const;

/** What jsonwebtoken asks of the version of Node.js: every version that purgeproof runs on satisfies it. */
const satisfied = new Set(['^6.12.0 || >=8.0.0', '>=15.7.0', '>=16.9.0']);

/** Answers it here: what compares versions takes more room than all of jsonwebtoken. Throws where it asks something new. */
const versionIsNewEnough: Plugin = {
  name: 'version-is-new-enough',
  transform: {
    filter: { id: /[/\\]node_modules[/\\]jsonwebtoken[/\\]/, code: /require\('semver'\)/ },
    handler(code, id) {
      const [, range = ''] =
        /^module\.exports = semver\.satisfies\(process\.version, '(.+)'\);$/m.exec(code) ?? [];
      if (!satisfied.has(range)) throw new Error(`${id} asks something new of the version of Node.js`);
      return 'module.exports = true;';
    },
  },
};

/**
 * Bundles entry points with everything that they import, node_modules included, into modules that share what they have
 * in common; what is imported dynamically is a module that loads when it is asked for. The same sources and lock file
 * give the same bytes. Names and lines are kept, so that the stack of a bug can be read without a source map.
 */
export async function bundle({
  entryPoints,
  outdir,
  extension,
}: BundleRequest): Promise<readonly BundledModule[]> {
  const build = await rolldown({
    cwd: root,
    input: { ...entryPoints },
    platform: 'node',
    // Its ES modules are for browsers, and are cut to what is used. They differ in binary values and in how they warn: both are unused.
    resolve: { alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') } },
    // The SDKs ask of each body whether it is a form, which none is: to say what that is, Node.js would load all of fetch.
    transform: { target: 'node20', define: { FormData: 'undefined' } },
    plugins: [rulesAsData, childProcessWhenCalled, versionIsNewEnough],
    logLevel: 'warn',
  });
  const { output } = await build.generate({
    format: 'esm',
    entryFileNames: `[name]${extension}`,
    chunkFileNames: `[name]-[hash]${extension}`,
    minifyInternalExports: false,
    minify: simplified,
    comments: { legal: false, annotation: false, jsdoc: false },
    codeSplitting: {
      groups: layers.map(({ name, test }, index) => ({ name, test, priority: layers.length - index })),
    },
  });
  await build.close();
  rmSync(outdir, { recursive: true, force: true });
  const modules = withoutDetours(output.filter((part) => part.type === 'chunk'));
  for (const { fileName, code } of modules) {
    const path = join(outdir, fileName);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, code);
  }
  return modules;
}

/** Has what imports a module that only passes on another import that one. */
function withoutDetours(chunks: readonly OutputChunk[]): readonly BundledModule[] {
  const detours = new Map(
    chunks.flatMap(({ fileName, isEntry, code }) => {
      const [, passedOn] = /^export \{[^}]*\} from "\.\/([^"]+)";\s*$/.exec(code) ?? [];
      return isEntry || passedOn === undefined ? [] : [[fileName, passedOn]];
    }),
  );
  return chunks.flatMap(({ fileName, code, modules }) => {
    if (detours.has(fileName)) return [];
    const direct = code.replaceAll(
      /\bimport\("\.\/([^"]+)"\)/g,
      (_, name: string) => `import("./${detours.get(name) ?? name}")`,
    );
    const sources = Object.entries(modules).filter(([, { renderedLength }]) => renderedLength > 0);
    const written = isOfPackages(sources) ? withoutWhitespace(fileName, direct) : direct;
    const paths = sources.map(([path]) => relative(root, path));
    return [{ fileName, code: [...unnamedPackages(written, paths), written].join('\n'), sources: paths }];
  });
}

/** True for a module that is packages but for a few lines around them. */
function isOfPackages(sources: readonly (readonly [string, { readonly renderedLength: number }])[]): boolean {
  const lengthOf = (some: typeof sources) =>
    some.reduce((sum, [, { renderedLength }]) => sum + renderedLength, 0);
  const packages = sources.filter(([path]) => /[/\\]node_modules[/\\]/.test(path));
  return lengthOf(packages) > 0.9 * lengthOf(sources);
}

/** A line for each package whose own line was lost when its code became shorter: what a run loads can be told by them. */
function unnamedPackages(code: string, sources: readonly string[]): readonly string[] {
  const heads = sources.flatMap((path) => {
    const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    return name === undefined ? [] : `// node_modules/${name}/`;
  });
  return [...new Set(heads)].filter((head) => !code.includes(head));
}

/** Packages take a sixth less room on one line; their names still stand in a stack. */
function withoutWhitespace(fileName: string, code: string): string {
  const { code: shorter, errors } = minifySync(fileName, code, {
    module: true,
    compress: false,
    mangle: false,
    codegen: { removeWhitespace: true },
  });
  if (errors.length > 0) throw new Error(`${fileName}: ${errors.map(({ message }) => message).join('; ')}`);
  return shorter;
}

/** Bundles a program for release, with the notices and the bill of materials of what is bundled beside it, and prints its size. */
export async function bundleForRelease(request: BundleRequest): Promise<void> {
  const { outdir } = request;
  const modules = await bundle(request);
  const bundled = modules.flatMap(({ sources }) => sources);
  writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(bundled, root));
  writeFileSync(join(outdir, 'sbom.cdx.json'), await billOfMaterials(bundled, root));
  for (const name of Object.keys(request.entryPoints))
    chmodSync(join(outdir, name + request.extension), 0o755);
  const size = modules.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
  process.stderr.write(
    `${relative(root, outdir)}: ${modules.length} modules, ${(size / 1e6).toFixed(1)} MB\n`,
  );
}
