import { type Expression, textOf } from './syntax/expression.ts';

/** The name of the resource group in an id that is written out, such as azapi's `parent_id`. */
export function groupOfId(id: Expression | undefined): Expression | undefined {
  const name = /\/resourceGroups\/([^/]+)/i.exec(textOf(id) ?? '')?.[1];
  return name === undefined ? undefined : { kind: 'literal', value: name };
}
