import type { ApplyFormat } from './format.ts';

/** The results as they are, for scripts. */
export const applyJson: ApplyFormat = {
  extension: 'json',
  render: (report) => [`${JSON.stringify(report, null, 2)}\n`],
};
