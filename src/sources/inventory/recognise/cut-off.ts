import type { Json } from '../../../model/json.ts';
import { powershellCommand } from './export-again.ts';

/** Advice about values that ConvertTo-Json has cut off. */
export const cutOffHint = `ConvertTo-Json keeps two levels by default: export again with -Depth 100, for instance ${powershellCommand}`;

/**
 * Text that PowerShell's ConvertTo-Json leaves of an object or a list below its -Depth: `@{name=value; …}`, or the name
 * of a .NET type.
 */
export function isCutOff(value: Json | undefined): boolean {
  return (
    typeof value === 'string' && /^(?:@\{.*\}?$|System\.[\w.]+(?:\[\]|`|$)|Microsoft\.Azure\.)/su.test(value)
  );
}

/** True when a value contains such text at any depth. */
export function holdsCutOff(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return isCutOff(value);
  return Object.values<Json | undefined>(value).some(holdsCutOff);
}
