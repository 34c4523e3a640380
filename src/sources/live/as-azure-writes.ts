import { quote } from '../../rules/kql/literal.ts';
import { azureNames, type Names } from '../azure-names.ts';

const { properties = true, sku = true, identity = true } = azureNames;

/**
 * KQL: the row holds a name in a spelling that is not Azure's. A scan respells it and judges what it names, which a
 * condition in KQL does not see, so the row must be read whatever the rules.
 */
export function isRespelled(): string {
  const names = [...new Set(namesIn({ properties, sku, identity }))].join('|');
  const text = 'strcat(tostring(properties), tostring(sku), tostring(identity))';
  const count = (options: string): string => `countof(${text}, ${quote(`${options}"(${names})":`)}, 'regex')`;
  return `${count('(?i)')} != ${count('')}`;
}

function namesIn(names: Names): readonly string[] {
  return Object.entries(names).flatMap(([name, below]) => [name, ...(below === true ? [] : namesIn(below))]);
}
