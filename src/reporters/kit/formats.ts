import { asJson } from '../format.ts';
import { kitCommands } from './commands.ts';
import { kitDifferenceText } from './difference.ts';
import type { KitDifferenceFormat, KitRestoreFormat } from './format.ts';

/** The formats of a comparison, in the order in which help lists them; the first is the default. */
export const kitDifferenceFormats = {
  text: kitDifferenceText,
  json: asJson,
} as const satisfies Readonly<Record<string, KitDifferenceFormat>>;

/** The formats of the steps that put a kit back. */
export const kitRestoreFormats = {
  text: kitCommands,
  json: asJson,
} as const satisfies Readonly<Record<string, KitRestoreFormat>>;
