import type { DocumentKind } from './document-kind.ts';

/** The use of a document as the end of a sentence: `to apply it: purgeproof apply <file>`; empty where no command takes it. */
export function useOf(kind: DocumentKind): string {
  const { purpose, command } = kind;
  return purpose === undefined || command === undefined ? '' : `to ${purpose}: ${command}`;
}

/** The same as an advice, with a command to paste between backticks. */
export function useHint({ purpose, command }: DocumentKind, file = '<file>'): string {
  if (purpose === undefined || command === undefined) return '';
  return `To ${purpose}: \`${command.replace('<file>', () => file)}\``;
}
