/**
 * True for the beginning of a report that a scan wrote, in whichever format and by whichever version. A format that
 * cannot be told by its first lines does not belong here.
 */
export function isScanReport(beginning: string): boolean {
  return beginnings.some((format) => format.test(beginning));
}

const tool = '"name"\\s*:\\s*"purgeproof"';

const beginnings: readonly RegExp[] = [
  // json
  new RegExp(
    `^\\s*\\{\\s*"schemaVersion"\\s*:\\s*"[\\d.]+"\\s*,\\s*"tool"\\s*:\\s*\\{\\s*${tool}[^}]*\\}\\s*,\\s*"startedAt"`,
  ),
  // sarif, sarif-full
  new RegExp(
    `^\\s*\\{[^{[]*"runs"\\s*:\\s*\\[\\s*\\{\\s*"tool"\\s*:\\s*\\{\\s*"driver"\\s*:\\s*\\{\\s*${tool}`,
  ),
  // markdown
  /^## Azure Key Vault compliance\n\n> \[!/,
  // table
  /^purgeproof \d+\.\d+\.\d+\S* · /,
];
