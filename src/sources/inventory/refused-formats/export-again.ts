import { scannedTypes } from '../../../resource-types/known-type.ts';

const quoted = scannedTypes.map((type) => `'${type.toLowerCase()}'`).join(', ');
const query = `resources | where type in~ (${quoted})`;

/** The query that gives whole rows. */
export const graphQuery = `az graph query --first 1000 -q "${query}"`;

/** The command that exports a page of whole rows as JSON. */
export const exportCommand = `${graphQuery} --output json > vaults.json`;

/** The same for PowerShell, whose ConvertTo-Json cuts off what is nested deeper than its -Depth. */
export const powershellCommand = `Search-AzGraph -First 1000 -Query "${query}" | ConvertTo-Json -Depth 100 > vaults.json`;
