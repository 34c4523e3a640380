import type { DeletedListFormat } from './format.ts';
import { deletedListJson } from './json.ts';
import { deletedListText } from './text.ts';

/** The formats of the contents of recycle bins, in the order in which help lists them; the first is the default. */
export const deletedListFormats = {
  text: deletedListText,
  json: deletedListJson,
} as const satisfies Readonly<Record<string, DeletedListFormat>>;
