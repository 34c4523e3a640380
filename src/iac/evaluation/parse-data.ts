import { parse } from 'yaml';
import type { Expression } from '../languages/expression.ts';
import { readJson } from '../languages/read-json.ts';
import { type Lazy, listOf, mapOf, text, unknown, type Values } from './value.ts';

/** Files of data are settings that people write: longer ones are not read. */
const most = { json: 1_000_000, yaml: 50_000 };

/** True for a text that is neither too long nor too deep to be parsed. */
export function isReadable(source: string, format: 'json' | 'yaml'): boolean {
  return source.length <= most[format] && (format === 'json' || !isDeep(source));
}

/** The value of a JSON or YAML document that is readable; unknown where it is not one. */
export function parseData(source: string, format: 'json' | 'yaml'): Values {
  try {
    return format === 'json' ? jsonData(source) : dataOf(parse(source, yamlOptions));
  } catch {
    return unknown;
  }
}

/** Aliases, which could multiply what is written, are not followed; to compare all keys takes quadratic time. */
const yamlOptions = { maxAliasCount: 0, uniqueKeys: false, logLevel: 'silent' } as const;

/** The parser recurses: text that was nested to exhaust its stack is turned away here. */
function isDeep(source: string): boolean {
  if (/^[^\S\r\n]{200}|(?:[-?:][^\S\r\n]+){50}/m.test(source)) return true;
  let depth = 0;
  for (const [bracket] of source.matchAll(/[{}[\]]/g)) {
    depth = Math.max(0, depth + (bracket === '{' || bracket === '[' ? 1 : -1));
    if (depth > deepest) return true;
  }
  return false;
}

const deepest = 100;

function jsonData(source: string): Values {
  const document = readJson({ path: '', text: source }, []);
  return document === undefined ? unknown : writtenData(document);
}

function writtenData(expression: Expression): Values {
  switch (expression.kind) {
    case 'literal':
      return dataOf(expression.value);
    case 'array':
      return listOf(
        expression.items.map(
          (item): Lazy =>
            () =>
              writtenData(item),
        ),
      );
    case 'object':
      return mapOf(
        expression.entries.map(({ key = '', value }): readonly [string, Lazy] => [
          key,
          () => writtenData(value),
        ]),
      );
    default:
      return unknown;
  }
}

function dataOf(data: unknown): Values {
  if (typeof data === 'string') return text(data);
  if (typeof data === 'number' || typeof data === 'boolean' || data === null)
    return [{ kind: 'scalar', value: data }];
  if (Array.isArray(data))
    return listOf(
      data.map(
        (item): Lazy =>
          () =>
            dataOf(item),
      ),
    );
  if (typeof data !== 'object') return unknown;
  return mapOf(
    Object.entries(data).map(([key, value]): readonly [string, Lazy] => [key, () => dataOf(value)]),
  );
}
