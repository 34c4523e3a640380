import { UsageError } from '../../model/errors.ts';
import type { ParameterSetting } from '../../model/settings.ts';

/** Reads `[ID.]NAME=VALUE`; `origin` is the flag or input it was written in. Throws `UsageError`. */
export function readParameterText(text: string, origin: string): ParameterSetting {
  const [, rule, name, value] = /^(?:([^.=]+)\.)?([^.=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(
      `${origin} is not of the form [ID.]NAME=VALUE.`,
      'For example: minimumRetentionDays=30, or AKV003.minimumRetentionDays=30.',
    );
  }
  return { ...(rule === undefined ? {} : { rule }), name, given: { text: value }, origin };
}
