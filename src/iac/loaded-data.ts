import { spend } from './evaluation/budget.ts';
import type { DataAt } from './evaluation/scope.ts';
import { isReadable, parseData } from './evaluation/parse-data.ts';
import { text, unknown, type Values } from './evaluation/value.ts';

/** Steps that it costs to read a character. */
const costs = { json: 0.05, yaml: 1 };

/** The files of a checkout as the data that they hold. */
export function dataIn(texts: ReadonlyMap<string, string>): DataAt {
  const read = new Map<string, Values>();
  return (path, format, budget) => {
    const source = texts.get(path);
    const key = `${format} ${path}`;
    const held = read.get(key);
    if (source === undefined || held !== undefined) return held;
    if (format === 'text') return text(source);
    if (!isReadable(source, format)) return unknown;
    spend(budget, source.length * costs[format]);
    if (budget.steps <= 0) return unknown;
    const values = parseData(source, format);
    read.set(key, values);
    return values;
  };
}
