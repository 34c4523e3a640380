import { recogniseDocument } from '../../../documents/document-kind.ts';
import { useHint } from '../../../documents/document-use.ts';
import { type Json, isJsonObject } from '../../../model/json.ts';
import { shellWord } from '../../../reporters/text/shell.ts';
import { exportCommand, powershellCommand } from './export-again.ts';
import { type Recognised, shortLine } from './text-formats.ts';

/** A JSON object by its keys in lower case. */
type Keys = ReadonlyMap<string, Json | undefined>;

/** The words of messages for the file that is `-`. */
export const standardInput = 'standard input';

type RowFormat = (keys: Keys) => Recognised | undefined;

const again = `Export the vaults and managed HSMs instead: \`${exportCommand}\``;

/** JSON that is no Azure resource, one entry a format; the first that recognises it counts. Sources: docs/inventories.md. */
const rowFormats: readonly RowFormat[] = [
  azureError,
  textContent,
  byKeys(
    ['vaultname', 'resourceid'],
    'output of Get-AzKeyVault, which has other names and shapes than Azure itself',
    `Use ${powershellCommand}, or Get-AzResource -ExpandProperties with the same -Depth.`,
  ),
  byKeys(
    ['resourceid', 'resourcegroupname', 'location'],
    'output of an Azure PowerShell command, which has other names and shapes than Azure itself',
    `Use ${powershellCommand}, or Get-AzResource -ExpandProperties with the same -Depth.`,
  ),
  byKeys(['policydefinitionid', 'resourceid'], 'a list of policy states, not an inventory', again),
  byKeys(
    ['isdefault', 'tenantid', 'user'],
    'a list of subscriptions (az account list), not an inventory',
    again,
  ),
  vaultObject,
  cutOffList,
];

function byKeys(names: readonly string[], what: string, hint: string): RowFormat {
  return (keys) => (names.every((name) => keys.has(name)) ? { what, hint } : undefined);
}

/** As ARM and Resource Graph answer, or the inner part alone. */
function azureError(keys: Keys): Recognised | undefined {
  const outer = keys.get('error');
  const error: Keys = isJsonObject(outer)
    ? new Map(Object.entries(outer).map(([key, value]) => [key.toLowerCase(), value]))
    : keys;
  const [code, message] = [error.get('code'), error.get('message')];
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  return {
    what: `an error answer of Azure (${shortLine(`${code}: ${message}`)})`,
    hint: `Solve what it says, and export again: \`${exportCommand}\``,
  };
}

/** `Invoke-AzRestMethod`, `Invoke-WebRequest`: the answer is text inside. */
function textContent(keys: Keys): Recognised | undefined {
  if (!keys.has('statuscode') || typeof keys.get('content') !== 'string') return undefined;
  return {
    what: 'output of Invoke-AzRestMethod or Invoke-WebRequest, whose Content is the answer as text',
    hint: 'Save the answer alone, every page of it: (Invoke-AzRestMethod …).Content > page1.json',
  };
}

/** A key, secret or certificate: their ids are URLs. */
function vaultObject(keys: Keys): Recognised | undefined {
  const id = keys.get('id') ?? keys.get('kid');
  if (typeof id !== 'string' || !/^https:\/\/[^/]+\/(?:secrets|keys|certificates)\//iu.test(id))
    return undefined;
  return { what: 'a key, secret or certificate, not a resource of ARM', hint: again };
}

/** A list of rows that ConvertTo-Json made text of. */
function cutOffList(keys: Keys): Recognised | undefined {
  const list = ['value', 'data'].find((name) => isCutOff(keys.get(name)));
  return list === undefined
    ? undefined
    : { what: `an answer whose ${list} ConvertTo-Json cut off`, hint: cutOffHint };
}

/** Recognises a row, or the whole document of `file`, that is not a resource; `undefined` where it is unknown. */
export function recogniseRow(row: Json, file?: string): Recognised | undefined {
  if (isCutOff(row)) return { what: 'a row that ConvertTo-Json cut off', hint: cutOffHint };
  if (!isJsonObject(row)) return undefined;
  const keys: Keys = new Map(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]));
  for (const recognise of rowFormats) {
    const recognised = recognise(keys);
    if (recognised !== undefined) return recognised;
  }
  const document = file === undefined ? undefined : otherDocument(row, file);
  return document ?? (isProjected(keys) ? projectedRow(Object.keys(row)) : undefined);
}

/** A document that another command takes. */
function otherDocument(value: Json, file: string): Recognised | undefined {
  const kind = recogniseDocument(value);
  if (kind === undefined || kind.name === 'inventory') return undefined;
  const path = file === standardInput ? undefined : shellWord(file);
  const use = kind.name === 'other' ? '' : useHint(kind, path);
  return { what: `${kind.what}, not an inventory`, hint: use === '' ? again : use };
}

/** Recognises a configuration, exemptions or a rule. What reads YAML is loaded for a refusal only. */
export async function recogniseYaml(file: string, bytes: Uint8Array): Promise<Recognised | undefined> {
  const { readDocument } = await import('../../../documents/read-document.ts');
  const { document } = readDocument({ file, bytes });
  return document === undefined ? undefined : otherDocument(document.value, file);
}

/** A row of a query that projects or summarizes. */
function isProjected(keys: Keys): boolean {
  return keys.size > 0 && !['id', 'type', 'value', 'data', 'properties'].some((name) => keys.has(name));
}

function projectedRow(columns: readonly string[]): Recognised {
  return {
    what: `not a resource: it has no "id", only ${shortLine(columns.join(', '))}`,
    hint: `The query has to return whole rows, without project, summarize or count: \`${exportCommand}\``,
  };
}

/** Advice about values that ConvertTo-Json has cut off. */
export const cutOffHint = `ConvertTo-Json keeps two levels by default: export again with -Depth 100, for instance ${powershellCommand}`;

/**
 * Text that PowerShell's ConvertTo-Json leaves of an object or a list below its -Depth: `@{name=value; …}`, or the name
 * of a .NET type.
 */
function isCutOff(value: Json | undefined): boolean {
  return (
    typeof value === 'string' && /^(?:@\{.*\}?$|System\.[\w.]+(?:\[\]|`|$)|Microsoft\.Azure\.)/su.test(value)
  );
}

/** True when a value contains such text at any depth. */
export function holdsCutOff(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return isCutOff(value);
  return Object.values<Json | undefined>(value).some(holdsCutOff);
}
