import { quote } from '../../rules/kql/literal.ts';
import { azureNames, type Names } from '../rows/azure-names.ts';

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
  return Object.entries(names).flatMap(([name, below]) =>
    below === true ? name : [name].concat(namesIn(below)),
  );
}

/** KQL: name, type, group or subscription are not what the id says, which a scan calls a problem of the row. */
export const contradictsId =
  "id !~ strcat('/subscriptions/', subscriptionId, '/resourceGroups/', resourceGroup, '/providers/', type, '/', name)";

// Pieces of regular expressions for JSON text: what they fit is well-formed, and what they do not is read.
const text = String.raw`"([^"\\]|\\.)*"`;
const scalar = String.raw`(${text}|[^\[\]"{},]+)`;
const scalars = members(scalar);
const texts = String.raw`\[(${text},?)*\]`;

/** How Azure writes the lists that a scan refuses, or brings into shape, where they are written another way. */
const forms = [
  {
    path: 'properties.accessPolicies',
    type: 'array',
    written: listOf(members(`(${scalar}|${members(`(null|${texts})`)})`)),
    misplaced: '"permissions":[^n{]',
  },
  {
    path: 'properties.networkAcls',
    type: 'dictionary',
    written: members(`(${scalar}|${listOf(scalars)})`),
    misplaced: String.raw`"(ipRules|virtualNetworkRules)":[^n\[]`,
  },
  {
    path: 'properties.privateEndpointConnections',
    type: 'array',
    written: listOf(
      String.raw`\{(${text}:${scalar},?)*"properties":${members(`(${scalar}|${scalars}|${texts})`)}(,${text}:${scalar})*\}`,
    ),
    misplaced: undefined,
  },
];

/** KQL: a list of the row is none, holds odd elements, or connections of private endpoints that are flattened. */
export function isOddlyFormed(): string {
  return forms
    .map(({ path, type, written, misplaced }) => {
      const json = `tostring(${path})`;
      const asWritten = `gettype(${path}) == '${type}' and ${json} matches regex ${quote(`^${written}$`)}`;
      const inPlace = misplaced === undefined ? '' : ` and not(${json} matches regex ${quote(misplaced)})`;
      return `(isnotnull(${path}) and not(${asWritten}${inPlace}))`;
    })
    .join(' or ');
}

function members(value: string): string {
  return String.raw`\{(${text}:${value},?)*\}`;
}

function listOf(element: string): string {
  return String.raw`\[(${element},?)*\]`;
}
