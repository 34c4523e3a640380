import type { Problem } from '../model/errors.ts';
import type { Exemption } from '../model/exemption.ts';
import { hasExpired } from '../rules/exempt.ts';

/** An exemption that has run out hides nothing any more; whoever wrote it should hear of it. */
export function expiredExemptions(exemptions: readonly Exemption[], now: Date): readonly Problem[] {
  return exemptions
    .filter((exemption) => hasExpired(exemption, now))
    .map(({ location: { file, line, column }, rule, expiresOn }) => ({
      file,
      line,
      column,
      message: `the exemption from ${rule} expired on ${expiresOn} and no longer applies`,
    }));
}
