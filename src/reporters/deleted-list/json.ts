import type { DeletedListFormat } from './format.ts';

/** The list as it is, for scripts. */
export const deletedListJson: DeletedListFormat = {
  extension: 'json',
  render: (list) => [`${JSON.stringify(list, null, 2)}\n`],
};
