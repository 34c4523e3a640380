import type { Problem } from '../../model/errors.ts';
import { absolutePath } from '../checkout-path.ts';
import { argumentsOf } from '../object-properties.ts';
import { optional } from '../optional.ts';
import { resolvePath } from '../source-path.ts';
import type { SourceText } from '../source-text.ts';
import { type Entry, type Expression, textOf } from '../syntax/expression.ts';
import { emptyTemplate, type ModuleCall, type Parameter, type Template } from '../template.ts';
import { attributeOf, type Block, loopOf } from './block.ts';
import { importBlockOf } from './import-blocks.ts';
import { loadedFiles, moduleKey } from './module-files.ts';
import { providersOf, providersPassed } from './provider.ts';
import { type LocatedBlock, readBlocks } from './read-blocks.ts';
import { vaultOfBlock } from './vault-block.ts';

/** Reads the files of a folder as the one module that they are. `folder` is its path in the checkout. */
export function readModule(folder: string, sources: readonly SourceText[], problems: Problem[]): Template {
  const located = loadedFiles(sources).flatMap((source) => readBlocks(source, problems));
  const blocks = located.map(({ block }) => block);
  const names = { ...emptyTemplate, ...namesIn(blocks, folder), folder };
  const calls = located.flatMap((read) => callIn(read, folder));
  return {
    ...names,
    vaults: located.flatMap(({ block, locate }) => vaultOfBlock(block, { locate, names }) ?? []),
    calls,
    modules: new Map(calls.map((call) => [call.symbol, call])),
    importBlocks: blocks.flatMap(importBlockOf),
    providers: providersOf(blocks),
  };
}

function namesIn(
  blocks: readonly Block[],
  folder: string,
): Pick<Template, 'parameters' | 'values' | 'outputs'> {
  const parameters = new Map<string, Parameter>();
  const values = new Map<string, Expression>([
    ['path.module', { kind: 'literal', value: absolutePath(folder) }],
  ]);
  const outputs = new Map<string, Expression>();
  for (const block of blocks) {
    const [label = '', name = ''] = block.labels;
    const standard = attributeOf(block, 'default');
    const value = attributeOf(block, 'value');
    if (block.type === 'variable') parameters.set(label.toLowerCase(), optional('default', standard));
    if (block.type === 'output' && value !== undefined) outputs.set(label, value);
    if (block.type === 'resource')
      values.set(`${label}.${name}`, {
        kind: 'object',
        entries: [...block.attributes, ...inventedAttributes(block)],
      });
    if (block.type !== 'locals') continue;
    for (const { key = '', value } of block.attributes) values.set(`local.${key}`, value);
  }
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
      ...optional('providers', providersPassed(block)),
      ...optional('loop', loopOf(block)),
    },
  ];
}

const off: Expression = { kind: 'literal', value: false };
const on: Expression = { kind: 'literal', value: true };

/**
 * What the resources of Terraform's provider `random` invent, as far as their arguments say how long it is. The
 * characters are letters and digits where `special` is off; it is on by default.
 */
function inventedAttributes(block: Block): readonly Entry[] {
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
