import { optional } from '../optional.ts';
import { hcl } from '../syntax/dialect.ts';
import { type Expression, textOf } from '../syntax/expression.ts';
import { parseExpression } from '../syntax/parse-expression.ts';
import { attempt, expressionCursor } from '../syntax/statements.ts';
import type { AddressStep, ImportBlock } from '../template.ts';
import { attributeOf, type Block, loopOf } from './block.ts';

/** `import { to = module.kv.azurerm_key_vault.main[0], id = "/subscriptions/…" }`, also with `for_each`. */
export function importBlockOf(block: Block): readonly ImportBlock[] {
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
