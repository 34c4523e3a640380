import { format } from 'node:util';

import { AzureLogger, setLogLevel } from '@azure/logger';

import { redact } from '../reporters/text/redaction.ts';
import { terminalText } from '../reporters/text/terminal.ts';

/**
 * Sends the log of the Azure SDKs to `write`, a line at a time, without tokens and secrets and with nothing that a
 * terminal or a build log would obey. There is one log a process. Without `write` the log goes where it always goes, to
 * standard error, and only when AZURE_LOG_LEVEL or DEBUG asks for it; nothing secret is in it then either.
 */
export function logAzure(write: ((line: string) => void) | undefined): void {
  const log = write ?? writeToStandardError;
  AzureLogger.log = (...parts: unknown[]) => {
    for (const line of linesOf(format(...parts))) log(line);
  };
  if (write !== undefined) setLogLevel('info');
}

/** Redacted as a whole: a secret may be wrapped. */
function linesOf(text: string): readonly string[] {
  return redact(text)
    .trimEnd()
    .split(/\r\n|\n/)
    .map(terminalText);
}

function writeToStandardError(line: string): void {
  process.stderr.write(`${line}\n`);
}
