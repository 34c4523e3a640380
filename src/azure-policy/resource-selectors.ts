import type { ResourceSelector, ResourceSelectors } from '../model/azure-exemption.ts';
import type { FindingResource } from '../model/finding.ts';
import { isJsonObject, type Json } from '../model/json.ts';

/** Azure spells a location `West Europe` or `westeurope`. */
function comparable(text: string): string {
  return text.toLowerCase().replaceAll(' ', '');
}

/** The values of a resource that selectors can be evaluated on. */
const selectable: ReadonlyMap<string, (resource: FindingResource) => string> = new Map([
  ['resourcelocation', ({ location }) => comparable(location)],
  ['resourcetype', ({ type }) => comparable(type)],
]);

/** True for a resource that selectors select. What cannot be evaluated selects nothing. */
export function isSelected(selectors: ResourceSelectors, resource: FindingResource): boolean {
  return selectors.length === 0 || selectors.some((list) => list.every((one) => isMet(one, resource)));
}

function isMet({ kind, in: wanted, notIn = [] }: ResourceSelector, resource: FindingResource): boolean {
  const value = selectable.get(kind.toLowerCase())?.(resource) ?? '';
  const has = (list: readonly string[]): boolean => list.some((one) => comparable(one) === value);
  return value !== '' && (wanted === undefined ? !has(notIn) : has(wanted));
}

/** The kinds of selectors that cannot be evaluated, each once. */
export function unknownKinds(selectors: ResourceSelectors): readonly string[] {
  const kinds = selectors.flat().map(({ kind }) => kind);
  return [...new Set(kinds)].filter((kind) => !selectable.has(kind.toLowerCase()));
}

/** Reads `resourceSelectors`: `undefined` for an unknown shape. */
export function readSelectors(value: Json): ResourceSelectors | undefined {
  if (!Array.isArray(value)) return undefined;
  const lists = value.map((one: Json) => (isJsonObject(one) ? conditionsOf(one['selectors']) : undefined));
  const known = lists.filter((list) => list !== undefined);
  return known.length < lists.length ? undefined : known;
}

function conditionsOf(value: Json | undefined): readonly ResourceSelector[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const read = value.map((one: Json): ResourceSelector | undefined => {
    if (!isJsonObject(one)) return undefined;
    const { kind } = one;
    const [wanted, unwanted] = [one['in'] ?? undefined, one['notIn'] ?? undefined];
    const lists = [wanted, unwanted].filter((list) => list !== undefined);
    if (typeof kind !== 'string' || kind === '' || lists.length !== 1 || !lists.every(isTextList))
      return undefined;
    return {
      kind,
      ...(isTextList(wanted) ? { in: wanted } : {}),
      ...(isTextList(unwanted) ? { notIn: unwanted } : {}),
    };
  });
  const known = read.filter((one) => one !== undefined);
  return known.length < read.length ? undefined : known;
}

/** True for a list of texts. */
export function isTextList(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((one: Json) => typeof one === 'string');
}
