/** Matches the first lines of our own logs. */
const sarif =
  /^\s*\{[^{[]*"runs"\s*:\s*\[\s*\{\s*"tool"\s*:\s*\{\s*"driver"\s*:\s*\{\s*"name"\s*:\s*"purgeproof"/;

/**
 * Match the first lines of every report in a format, by whichever version, and of no other file. They stand apart from the
 * formats, so that who asks for the kind of a file need not load all of these.
 */
export const reportBeginnings = {
  table: /^purgeproof \d+\.\d+\.\d+\S* · /,
  json: /^\s*\{\s*"schemaVersion"\s*:\s*"[\d.]+"\s*,\s*"tool"\s*:\s*\{\s*"name"\s*:\s*"purgeproof"[^}]*\}\s*,\s*"startedAt"/,
  sarif,
  'sarif-full': sarif,
  markdown: /^## Azure Key Vault compliance\n\n> \[!/,
  html: /^<!doctype html>\s*<html lang="en">\s*<head>\s*<meta charset="utf-8">\s*<meta name="generator" content="purgeproof \d/,
  csv: /^compliance,severity,ruleId,ruleName,ruleTitle,resourceName,/,
  junit: /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<testsuites name="purgeproof"/,
  ocsf: /^\{"metadata":\{"product":\{"name":"purgeproof",/,
} as const;

/** True for the beginning of a report that a scan wrote, in any format and by any version. */
export function isScanReport(beginning: string): boolean {
  return Object.values(reportBeginnings).some((pattern) => pattern.test(beginning));
}
