import { type Expression, textOf, valueOf } from '../languages/expression.ts';
import { attributeOf, type HclBlock } from './block.ts';

/**
 * The paths of a vault that a resource may leave as they are, since it says that their changes are ignored: `all`, or the names of arguments,
 * whose properties are `paths`.
 */
export function ignoredIn(block: HclBlock, paths: ReadonlyMap<string, string>): readonly string[] {
  const inner = block.blocks.find(({ type }) => type === 'lifecycle');
  const json = attributeOf(block, 'lifecycle');
  const lifecycle = json?.kind === 'array' ? json.items[0] : json;
  const ignored = attributeOf(inner, 'ignore_changes') ?? valueOf(lifecycle, 'ignore_changes');
  const names = ignored?.kind === 'array' ? ignored.items.map(rootName) : ignored && [rootName(ignored)];
  return [...(names ?? []), ...namesOfAzapi(block)].flatMap((name) => {
    if (name === undefined || !/^\w+$/.test(name) || name === 'all') return ['properties'];
    return paths.get(name) ?? [];
  });
}

/** The first word of a reference, also of one that is text. */
function rootName(reference: Expression): string | undefined {
  if (reference.kind === 'member') return rootName(reference.of);
  const text = reference.kind === 'reference' ? reference.name : textOf(reference);
  return text?.split(/[.[]/)[0];
}

/** The provider azapi keeps parts of a body that are named here as Azure has them. */
function namesOfAzapi(block: HclBlock): readonly string[] {
  const kept = attributeOf(block, 'ignore_body_changes');
  const isNone = kept?.kind === 'literal' || (kept?.kind === 'array' && kept.items.length === 0);
  return kept === undefined || isNone ? [] : ['all'];
}
