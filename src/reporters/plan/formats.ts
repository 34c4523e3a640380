import type { PlanFormat } from './format.ts';
import { planMarkdown } from './markdown.ts';
import { asJson } from '../format.ts';
import { planText } from './text.ts';

/** The formats of a plan, in the order in which help lists them; the first is the default. */
export const planFormats = {
  text: planText,
  json: asJson,
  markdown: planMarkdown,
} as const satisfies Readonly<Record<string, PlanFormat>>;
