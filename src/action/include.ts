import { UsageError } from '../model/errors.ts';
import { didYouMean } from '../documents/suggestions.ts';
import { readList } from './input-text.ts';

const later = ['deleted', 'objects', 'access'];

/** Refuses to scan anything in addition to vaults and HSMs: ignoring the wish silently would be a false green. */
export function refuseInclude(text: string): void {
  for (const item of readList(text)) {
    if (later.includes(item.toLowerCase())) {
      throw new UsageError(
        `This version cannot include ${JSON.stringify(item)}.`,
        'Leave include empty: vaults and managed HSMs are always scanned.',
      );
    }
    throw new UsageError(
      `Unknown value ${JSON.stringify(item)}.${didYouMean(item, later)}`,
      'Leave include empty: vaults and managed HSMs are always scanned.',
    );
  }
}
