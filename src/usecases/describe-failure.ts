import { AzureError, PolicyError, problemLine, UsageError } from '../model/errors.ts';
import { adviceLines } from '../reporters/text/commands.ts';
import { redact } from '../reporters/text/redaction.ts';
import { terminalText } from '../reporters/text/terminal.ts';

const issues = 'https://github.com/purgeproof/purgeproof/issues';

/** The message for a command that could not run. Only our own bugs show a stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof PolicyError) return policyFailure(error);
  if (error instanceof UsageError)
    return paragraph(
      `error: ${error.message}`,
      ...error.problems.map(problemLine),
      ...adviceLines(error.hint),
    );
  if (error instanceof AzureError)
    return paragraph(`error: ${error.message}`, detailsOf(error), ...adviceLines(error.hint));
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return paragraph('This is a bug in purgeproof. Please report it, with the lines below:', issues, stack);
}

function policyFailure({ problems }: PolicyError): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return paragraph(...problems.map(problemLine), `error: ${count} to fix.`);
}

function detailsOf({ code, status, requestId }: AzureError): string {
  const facts = [code, status > 0 ? `HTTP ${status}` : '', requestId === '' ? '' : `request ${requestId}`];
  const known = facts.filter((fact) => fact !== '');
  return known.length === 0 ? '' : `(${known.join(', ')})`;
}

/** Names and messages may be hostile: each line is neutralised and redacted; the breaks between them are ours. */
function paragraph(...texts: readonly string[]): string {
  const lines = texts.filter((text) => text !== '').flatMap((text) => text.split('\n'));
  return `${lines.map((line) => terminalText(redact(line))).join('\n')}\n`;
}
