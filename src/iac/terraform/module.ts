import type { Problem } from '../../model/errors.ts';
import { argumentsOf } from '../arguments.ts';
import { optional } from '../optional.ts';
import { resolvePath } from '../source-path.ts';
import { type Locate, locator, type SourceText } from '../source-text.ts';
import { hcl } from '../syntax/dialect.ts';
import { type Expression, textOf } from '../syntax/expression.ts';
import { attempt, statements } from '../syntax/statements.ts';
import type { ModuleCall, Parameter, Template, VaultBlock } from '../template.ts';
import { attributeOf, type Block, keywords, parseFile } from './block.ts';
import { loopOf } from './loop.ts';
import { vaultOfBlock } from './vault-block.ts';

/** Reads the `.tf` files of a folder as the one module that they are. `folder` is its path in the checkout. */
export function readModule(folder: string, sources: readonly SourceText[], problems: Problem[]): Template {
  const blocks = sources.flatMap((source) => readBlocks(source, problems));
  const parameters = new Map<string, Parameter>();
  const values = new Map<string, Expression>();
  for (const { block } of blocks) {
    const [label = '', name = ''] = block.labels;
    const standard = attributeOf(block, 'default');
    if (block.type === 'variable') parameters.set(label.toLowerCase(), optional('default', standard));
    if (block.type === 'resource')
      values.set(`${label}.${name}`, { kind: 'object', entries: block.attributes });
    if (block.type !== 'locals') continue;
    for (const { key = '', value } of block.attributes) values.set(`local.${key}`, value);
  }
  const imported = importedIds(blocks.map(({ block }) => block));
  return {
    parameters,
    values,
    vaults: blocks.flatMap((read) => vaultIn(read, imported)),
    calls: blocks.flatMap((read) => callIn(read, folder)),
  };
}

interface Located {
  readonly block: Block;
  readonly locate: Locate;
}

function readBlocks(source: SourceText, problems: Problem[]): readonly Located[] {
  const locate = locator(source);
  return statements(source.text, { dialect: hcl, keywords }).cursors.flatMap((cursor) => {
    const body = attempt(
      () => parseFile(cursor),
      (message, at) => problems.push({ ...locate(at), message }),
    );
    return (body?.blocks ?? []).map((block) => ({ block, locate }));
  });
}

function vaultIn({ block, locate }: Located, imported: ReadonlyMap<string, string>): readonly VaultBlock[] {
  const vault = vaultOfBlock(block, locate);
  const id = imported.get(block.labels.join('.'));
  if (vault === undefined) return [];
  return [id === undefined ? vault : { ...vault, resourceIds: [id] }];
}

/** `import { to = azurerm_key_vault.main, id = "/subscriptions/…" }`: which resource a block stands for. */
function importedIds(blocks: readonly Block[]): ReadonlyMap<string, string> {
  return new Map(
    blocks.flatMap((block): (readonly [string, string])[] => {
      if (block.type !== 'import') return [];
      const to = attributeOf(block, 'to');
      const id = textOf(attributeOf(block, 'id'));
      if (to?.kind !== 'member' || to.of.kind !== 'reference' || id === undefined) return [];
      const name = to.key.kind === 'literal' ? String(to.key.value) : '';
      return [[`${to.of.name}.${name}`, id]];
    }),
  );
}

function callIn({ block, locate }: Located, folder: string): readonly ModuleCall[] {
  const source = textOf(attributeOf(block, 'source')) ?? '';
  if (block.type !== 'module' || !/^\.\.?(?:\/|$)/.test(source)) return [];
  const target = resolvePath(folder, source);
  if (target === undefined) return [];
  const given = argumentsOf({ kind: 'object', entries: block.attributes }, locate);
  return [{ target: `terraform:${target}`, arguments: given, ...optional('loop', loopOf(block)) }];
}
