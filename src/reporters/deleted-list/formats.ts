import type { DeletedListFormat } from './format.ts';
import { asJson } from '../format.ts';
import { deletedListText } from './text.ts';

/** The formats of the contents of recycle bins, in the order in which help lists them; the first is the default. */
export const deletedListFormats = {
  text: deletedListText,
  json: asJson,
} as const satisfies Readonly<Record<string, DeletedListFormat>>;
