import { parse } from 'yaml';
import { blankComments } from '../json/blank-comments.ts';
import { type Lazy, listOf, mapOf, text, unknown, type Values } from './value.ts';

/** Files of data are settings that somebody wrote: longer ones are not read. */
const most = { json: 1_000_000, yaml: 100_000 };

/** The value of a JSON or YAML document; unknown where it is not one, or is too long or too deep. */
export function parseData(source: string, format: 'json' | 'yaml'): Values {
  if (source.length > most[format]) return unknown;
  try {
    return dataOf(format === 'json' ? parseJson(source) : parse(source, yamlOptions));
  } catch {
    return unknown;
  }
}

/** Aliases, which could multiply what is written, are not followed. */
const yamlOptions = { maxAliasCount: 0, logLevel: 'silent' } as const;

function parseJson(source: string): unknown {
  return JSON.parse(blankComments(source.replace(/^\uFEFF/, ' ')) ?? '');
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
