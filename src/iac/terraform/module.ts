import type { Problem } from '../../model/errors.ts';
import { absolutePath } from '../checkout/checkout-path.ts';
import { resolvePath } from '../checkout/source-path.ts';
import type { SourceText } from '../checkout/source-text.ts';
import { hcl } from '../languages/dialect.ts';
import { type Entry, type Expression, opaque, textOf } from '../languages/expression.ts';
import { parseExpression } from '../languages/parse-expression.ts';
import { attempt, expressionCursor } from '../languages/statements.ts';
import { optional } from '../optional.ts';
import { argumentsOf } from '../programs/object-properties.ts';
import {
  type AddressStep,
  emptyTemplate,
  type ImportBlock,
  type ModuleCall,
  type Parameter,
  type Template,
} from '../programs/template.ts';
import { attributeOf, type HclBlock, loopOf, holdsOptional } from './block.ts';
import { changedByTemplate, templateCallIn } from './deployment-block.ts';
import { changedBy, unfollowedIn } from './effects.ts';
import { isOverrideFile, loadedFiles, moduleKey } from './module-files.ts';
import { providersOf, providersPassed } from './provider.ts';
import { type LocatedBlock, readBlocks, withOverrides } from './read-blocks.ts';
import { vaultOfBlock } from './vault-block.ts';

/** Reads the files of a folder as the one module that they are. `folder` is its path in the checkout. */
export function readModule(folder: string, sources: readonly SourceText[], problems: Problem[]): Template {
  const loaded = loadedFiles(sources).map(
    (source) => [isOverrideFile(source.path), readBlocks(source, problems)] as const,
  );
  const [plain, overrides] = [false, true].map((wanted) =>
    loaded.flatMap(([isOverride, blocks]) => (isOverride === wanted ? blocks : [])),
  );
  const located = withOverrides(plain ?? [], overrides ?? []);
  const blocks = located.map(({ block }) => block);
  const names = { ...emptyTemplate, ...namesIn(blocks, folder), folder };
  const calls = located.flatMap((read) => callIn(read, folder));
  const inResources = located.flatMap((read) => templateCallIn(read, names));
  return {
    ...names,
    vaults: located.flatMap(({ block, locate }) => vaultOfBlock(block, { locate, names }) ?? []),
    calls: [...calls, ...inResources],
    modules: new Map(calls.map((call) => [call.symbol, call])),
    importBlocks: blocks.flatMap(importBlockOf),
    providers: providersOf(blocks),
    changed: [...blocks.flatMap(changedBy), ...inResources.flatMap(changedByTemplate)],
    unfollowed: located.flatMap((read) => unfollowedIn(read, folder)),
  };
}

type Names = Pick<Template, 'parameters' | 'values' | 'outputs'>;

function namesIn(blocks: readonly HclBlock[], folder: string): Names {
  const parameters = new Map<string, Parameter>();
  const values = new Map<string, Expression>([
    ['path.module', { kind: 'literal', value: absolutePath(folder) }],
  ]);
  const outputs = new Map<string, Expression>();
  const twice = new Set<string>();
  for (const block of blocks) {
    const [label = '', name = ''] = block.labels;
    const standard = attributeOf(block, 'default');
    const value = attributeOf(block, 'value');
    if (block.type === 'variable') {
      const hasOptionalMembers = holdsOptional(attributeOf(block, 'type'));
      const key = label.toLowerCase();
      // Terraform tells `Purge` from `purge`; which one is meant is not known here.
      if (parameters.has(key)) twice.add(key);
      parameters.set(key, { hasOptionalMembers, ...optional('default', standard) });
    }
    if (block.type === 'output' && value !== undefined) outputs.set(label, value);
    if (block.type === 'resource')
      values.set(`${label}.${name}`, {
        kind: 'object',
        // Blocks inside of it and what its provider computes have other names than these.
        entries: [{ at: 0, value: opaque }, ...block.attributes, ...inventedAttributes(block)],
      });
    if (block.type !== 'locals') continue;
    for (const { key = '', value } of block.attributes) values.set(`local.${key}`, value);
  }
  for (const key of twice) parameters.delete(key);
  return { parameters, values, outputs };
}

function callIn(
  { block, locate }: LocatedBlock,
  folder: string,
): readonly (ModuleCall & { readonly symbol: string })[] {
  const source = textOf(attributeOf(block, 'source')) ?? '';
  if (block.type !== 'module' || !/^\.\.?(?:\/|$)/.test(source)) return [];
  const target = resolvePath(folder, source);
  if (target === undefined) return [];
  const given = argumentsOf({ kind: 'object', entries: block.attributes }, locate);
  const symbol = `module.${block.labels.join('.')}`;
  return [
    {
      target: moduleKey(target),
      arguments: given,
      symbol,
      at: locate(block.at),
      ...optional('providers', providersPassed(block)),
      ...optional('loop', loopOf(block)),
    },
  ];
}

const off: Expression = { kind: 'literal', value: false };
const on: Expression = { kind: 'literal', value: true };

/**
 * The texts that resources of Terraform's provider `random` invent, where their arguments give the length. The
 * characters are letters and digits where `special` is off; it is on by default.
 */
function inventedAttributes(block: HclBlock): readonly Entry[] {
  const [type] = block.labels;
  const length = attributeOf(block, 'length');
  if (length !== undefined && (type === 'random_string' || type === 'random_password'))
    return [invented('result', [length, attributeOf(block, 'special') ?? on])];
  const bytes = attributeOf(block, 'byte_length');
  // Two hexadecimal digits a byte.
  if (bytes !== undefined && type === 'random_id') return [invented('hex', [bytes, off, bytes])];
  return [];
}

function invented(key: string, args: readonly Expression[]): Entry {
  return { key, at: 0, value: { kind: 'call', name: 'invented()', arguments: args } };
}

/** `import { to = module.kv.azurerm_key_vault.main[0], id = "/subscriptions/…" }`, also with `for_each`. */
function importBlockOf(block: HclBlock): readonly ImportBlock[] {
  const to = attributeOf(block, 'to');
  const id = attributeOf(block, 'id');
  const address = to === undefined ? undefined : addressOf(traversal(to));
  if (block.type !== 'import' || address === undefined || id === undefined) return [];
  return [{ address, id, ...optional('loop', loopOf(block)) }];
}

/** In JSON an address is text. */
function traversal(to: Expression): Expression {
  const text = textOf(to);
  if (text === undefined) return to;
  const parsed = attempt(
    () => parseExpression(expressionCursor(text, hcl)),
    () => undefined,
  );
  return parsed ?? to;
}

/** The steps of `module.kv["a"].azurerm_key_vault.main[0]`: two names each, and the key of an instance. */
function addressOf(expression: Expression): readonly AddressStep[] | undefined {
  const words: Expression[] = [];
  let at = expression;
  for (; at.kind === 'member'; at = at.of) words.unshift(at.key);
  if (at.kind !== 'reference') return undefined;
  words.unshift({ kind: 'literal', value: at.name });
  const steps: AddressStep[] = [];
  while (words.length > 0) {
    const [type, name] = words.splice(0, 2).map(textOf);
    if (type === undefined || name === undefined) return undefined;
    const key = words[0] === undefined || isType(words[0]) ? undefined : words.shift();
    steps.push({ name: `${type}.${name}`, ...optional('key', key) });
  }
  return steps;
}

/** In the tree `["a"]` and `.a` are the same: what follows a step is a key, unless it begins another step. */
function isType(word: Expression): boolean {
  return /^(?:module$|azurerm_|azapi_)/.test(textOf(word) ?? '');
}
