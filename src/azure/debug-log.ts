import { format } from 'node:util';

import { AzureLogger, setLogLevel } from '@azure/logger';

import { redact } from './redaction.ts';

/** Sends the log of the Azure SDKs to `write`, a line at a time and without tokens. There is one log a process. */
export function logAzure(write: (line: string) => void): void {
  AzureLogger.log = (...parts: unknown[]) => {
    write(redact(format(...parts)).trimEnd());
  };
  setLogLevel('info');
}
