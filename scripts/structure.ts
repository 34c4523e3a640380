import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** The folder of the product's source code. */
export const sourceFolder = join(import.meta.dirname, '../src');

/** A source file. Paths are from the source folder, with slashes. */
export interface Module {
  readonly file: string;
  readonly lines: number;
  /** The modules it imports, for types only as well. */
  readonly imports: readonly string[];
  /** Names that it exports, each once, though it may be that of a type and of a value. */
  readonly exports: readonly string[];
  /** The first line of each JSDoc block. */
  readonly docs: readonly string[];
  /** The lines of each function with a block body of at least three lines. */
  readonly functions: readonly number[];
}

/** Reads every module of the product. */
export function readModules(): readonly Module[] {
  return readdirSync(sourceFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readModule(file.split(sep).join('/')));
}

function readModule(file: string): Module {
  const text = readFileSync(join(sourceFolder, file), 'utf8');
  const { program, module, comments } = parseSync(file, text);
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) =>
      text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    ),
  ];
  const imports = requests
    .filter((request) => request.startsWith('.'))
    .map((request) => join(dirname(file), request).split(sep).join('/'));
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, exportName }) =>
      moduleRequest === null ? (exportName.name ?? []) : [],
    ),
  );
  return {
    file,
    lines: text.split('\n').length - 1,
    imports: [...new Set(imports)],
    exports: [...new Set(exported)],
    docs: comments.flatMap(({ type, value }) =>
      type === 'Block' && value.startsWith('*') ? (value.split('\n').map(docLine).find(Boolean) ?? '') : [],
    ),
    functions: functionLines(text, program),
  };
}

function docLine(line: string): string {
  return line.replace(/^[\s*]+/, '').trimEnd();
}

function functionLines(text: string, program: Parameters<Visitor['visit']>[0]): readonly number[] {
  const lengths: number[] = [];
  const measure = (node: {
    readonly start: number;
    readonly end: number;
    readonly body: { readonly type: string } | null;
  }): void => {
    if (node.body?.type !== 'BlockStatement') return;
    const lines = text.slice(node.start, node.end).split('\n').length;
    if (lines >= 3) lengths.push(lines);
  };
  const visitor = new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  });
  visitor.visit(program);
  return lengths;
}

function quantile(numbers: readonly number[], share: number): number {
  return (
    numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? 0
  );
}

/** The modules on the longest path of imports below each module, itself included; a cycle counts once. */
function depths(modules: ReadonlyMap<string, Module>): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  const visit = (file: string, path: ReadonlySet<string>): number => {
    const done = known.get(file);
    if (done !== undefined) return done;
    if (path.has(file)) return 0;
    const below = (modules.get(file)?.imports ?? []).filter((name) => modules.has(name));
    const depth = 1 + Math.max(0, ...below.map((name) => visit(name, new Set([...path, file]))));
    known.set(file, depth);
    return depth;
  };
  for (const file of modules.keys()) visit(file, new Set());
  return known;
}

/** Groups of modules that reach each other (Tarjan's strongly connected components of more than one module). */
function cycles(modules: ReadonlyMap<string, Module>): readonly (readonly string[])[] {
  const reach = new Map([...modules.keys()].map((file) => [file, reachable(modules, file)]));
  const groups = new Map<string, readonly string[]>();
  for (const [file, below] of reach) {
    if (!below.has(file)) continue;
    const group = [...below].filter((other) => reach.get(other)?.has(file) === true).toSorted();
    groups.set(group.join(), group);
  }
  return [...groups.values()];
}

function reachable(modules: ReadonlyMap<string, Module>, from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...(modules.get(from)?.imports ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(modules.get(next)?.imports ?? []));
  }
  return seen;
}

function within(modules: readonly Module[], folder: string): ReadonlyMap<string, Module> {
  return new Map(
    modules.filter(({ file }) => file.startsWith(folder)).map((module) => [module.file, module]),
  );
}

/** The figures that docs/decisions/0014 compares, by name. */
export interface StructureFigures {
  readonly files: number;
  readonly fileLinesMedian: number;
  readonly fileLinesP90: number;
  readonly functionLinesP90: number;
  readonly longestChain: number;
  readonly oneImporter: number;
  readonly cycles: number;
  readonly filesOfLive: number;
  readonly floorsOfLive: number;
}

/** Measures all modules of the product. */
export function measureStructure(modules: readonly Module[]): StructureFigures {
  const all = within(modules, '');
  const live = within(modules, 'sources/live');
  const importers = new Map<string, number>();
  for (const { imports } of modules)
    for (const name of imports) importers.set(name, (importers.get(name) ?? 0) + 1);
  const lines = modules.map((module) => module.lines);
  const functions = modules.flatMap((module) => module.functions);
  return {
    files: modules.length,
    fileLinesMedian: quantile(lines, 0.5),
    fileLinesP90: quantile(lines, 0.9),
    functionLinesP90: quantile(functions, 0.9),
    longestChain: Math.max(...depths(all).values()),
    oneImporter: [...importers.values()].filter((count) => count === 1).length,
    cycles: cycles(all).length,
    filesOfLive: live.size,
    floorsOfLive: Math.max(0, ...depths(live).values()),
  };
}
