/** The exit codes of a command in words: its help lists them, and its last line on standard error says why it was which. */
export type ExitWords = Readonly<Partial<Record<number, string>>>;

/** The exit codes as help shows them. */
export function exitCodesHelp(words: ExitWords): string {
  const lines = Object.entries(words).map(([code, text]) => `  ${code}  ${text}`);
  return `\nExit codes:\n${lines.join('\n')}`;
}

/** The exit codes of commands that write to Azure what people have chosen. */
export const changeExits: ExitWords = {
  0: 'verified, every one',
  1: 'at least one was not verified',
  2: 'refused, and nothing was sent',
  3: 'interrupted, stopped by a failure after something was sent, or a recycle bin could not be read',
};
