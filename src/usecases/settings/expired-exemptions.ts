import type { Problem } from '../../model/errors.ts';
import type { Exemption } from '../../model/exemption.ts';
import { hasExpired } from '../../rules/exemptions/find.ts';

/** An expired exemption no longer hides anything; its author should be told. */
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
