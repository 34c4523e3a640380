import type { PlanFormat } from './format.ts';
import { planMarkdown } from './markdown.ts';
import { planJson } from './json.ts';
import { planText } from './text.ts';

/** The formats of a plan, in the order in which help lists them; the first is the default. */
export const planFormats = {
  text: planText,
  json: planJson,
  markdown: planMarkdown,
} as const satisfies Readonly<Record<string, PlanFormat>>;
