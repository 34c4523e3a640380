import { type Json, isJsonObject } from '../../../model/json.ts';
import { cutOffHint, isCutOff } from './cut-off.ts';
import { exportCommand, powershellCommand } from './export-again.ts';
import { type Recognised, shortLine } from './format.ts';

/** A JSON object by its keys in lower case. */
type Keys = ReadonlyMap<string, Json | undefined>;

type RowFormat = (keys: Keys) => Recognised | undefined;

const again = `Export the vaults instead: ${exportCommand}`;

/** JSON that is no Azure resource, one entry a format; the first that recognises it counts. Sources: docs/inventories.md. */
const rowFormats: readonly RowFormat[] = [
  azureError,
  textContent,
  armTemplate,
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
  byKeys(['terraform_version'], 'a plan or the state of Terraform, not an inventory', again),
  byKeys(['runs', 'version'], 'a SARIF log, not an inventory', again),
  byKeys(['schemaversion', 'findings'], 'a report of purgeproof, not an inventory', again),
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
    hint: `Solve what it says, and export again: ${exportCommand}`,
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

function armTemplate(keys: Keys): Recognised | undefined {
  const inner = keys.get('template');
  const schema = keys.get('$schema') ?? (isJsonObject(inner) ? inner['$schema'] : undefined);
  const kind =
    typeof schema === 'string' ? /deployment(template|parameters)\.json/iu.exec(schema)?.[1] : undefined;
  if (kind === undefined) return undefined;
  const what =
    kind.toLowerCase() === 'template'
      ? 'an ARM template (as the portal exports it), not an inventory: its values may be expressions'
      : 'a parameter file of an ARM template, not an inventory';
  return { what, hint: again };
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

/** Recognises a row, or a whole document, that is not a resource; `undefined` where it is unknown. */
export function recogniseRow(row: Json): Recognised | undefined {
  if (isCutOff(row)) return { what: 'a row that ConvertTo-Json cut off', hint: cutOffHint };
  if (!isJsonObject(row)) return undefined;
  const keys: Keys = new Map(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]));
  for (const recognise of rowFormats) {
    const recognised = recognise(keys);
    if (recognised !== undefined) return recognised;
  }
  return isProjected(keys) ? projectedRow(Object.keys(row)) : undefined;
}

/** A row of a query that projects or summarizes. */
function isProjected(keys: Keys): boolean {
  return keys.size > 0 && !['id', 'type', 'value', 'data', 'properties'].some((name) => keys.has(name));
}

function projectedRow(columns: readonly string[]): Recognised {
  return {
    what: `not a resource: it has no "id", only ${shortLine(columns.join(', '))}`,
    hint: `The query has to return whole rows, without project, summarize or count: ${exportCommand}`,
  };
}
