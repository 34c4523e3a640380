import { UsageError } from '../../model/errors.ts';
import type { ScanSettings } from '../../usecases/settings/scan-settings.ts';
import { placeOf } from './report-file.ts';

/** Refuses reports that would overwrite each other, or a file that the scan reads, by whatever name. */
export async function refuseClashes(
  reports: readonly { readonly path?: string }[],
  inputs: readonly (string | undefined)[],
  cwd: string,
): Promise<void> {
  const read = new Set<string>();
  for (const path of inputs) if (path !== undefined) read.add(await placeOf({ path, cwd }));
  const written = new Set<string>();
  for (const { path } of reports) {
    if (path === undefined) continue;
    const place = await placeOf({ path, cwd });
    if (read.has(place))
      throw new UsageError(
        `A report would overwrite ${path}, which is also an input.`,
        'Write the report to another file.',
      );
    if (written.has(place))
      throw new UsageError(`Two reports would go to ${path}.`, 'Give each its own file.');
    written.add(place);
  }
}

/** The files that decide what a scan says. */
export function filesRead(
  { inventory, policies, exemptions }: ScanSettings,
  { config }: { readonly config?: string },
): readonly string[] {
  return [inventory === '-' ? undefined : inventory, exemptions, config, ...policies].flatMap(
    (path) => path ?? [],
  );
}
