import type { ApplyFormat } from './format.ts';
import { asJson } from '../format.ts';
import { applyText } from './text.ts';

/** The formats of the results of a run that writes, in the order in which help lists them; the first is the default. */
export const applyFormats = {
  text: applyText,
  json: asJson,
} as const satisfies Readonly<Record<string, ApplyFormat>>;
