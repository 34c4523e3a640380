import type { ApplyFormat } from './format.ts';
import { applyJson } from './json.ts';
import { applyText } from './text.ts';

/** The formats of the results of a run that writes, in the order in which help lists them; the first is the default. */
export const applyFormats = {
  text: applyText,
  json: applyJson,
} as const satisfies Readonly<Record<string, ApplyFormat>>;
