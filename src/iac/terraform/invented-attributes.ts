import type { Entry, Expression } from '../syntax/expression.ts';
import { attributeOf, type Block } from './block.ts';

const off: Expression = { kind: 'literal', value: false };
const on: Expression = { kind: 'literal', value: true };

/**
 * What the resources of Terraform's provider `random` invent, as far as their arguments say how long it is. The
 * characters are letters and digits where `special` is off; it is on by default.
 */
export function inventedAttributes(block: Block): readonly Entry[] {
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
