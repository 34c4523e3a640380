import { type Budget, spend } from './evaluation/budget.ts';
import { isReadable, parseData } from './evaluation/parse-data.ts';
import { text, unknown, type Values } from './evaluation/value.ts';

/** How a file that is loaded is read. */
export type DataFormat = 'text' | 'json' | 'yaml';

/** What a file holds; `undefined` where there is none. Each file is read once, at the expense of who is first. */
export type DataAt = (path: string, format: DataFormat, budget: Budget) => Values | undefined;

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
