import { json } from './json.ts';
import { markdown } from './markdown.ts';
import type { Reporter } from '../format.ts';
import { sarifFull } from './sarif-full.ts';
import { sarif } from './sarif.ts';
import { table } from './table.ts';

/** Every output format by the name that `--output` takes; adding one is a file and a line here. */
export const reporters = {
  table,
  json,
  sarif,
  'sarif-full': sarifFull,
  markdown,
} as const satisfies Readonly<Record<string, Reporter>>;

/** What `--output` accepts. */
export type ReporterName = keyof typeof reporters;

/** The same names, in the order in which help and messages list them; the first is the default. */
export const reporterNames = [
  'table',
  'json',
  'sarif',
  'sarif-full',
  'markdown',
] as const satisfies readonly ReporterName[];
