/** A part of an advice: a sentence, or a command to paste. */
export interface AdvicePart {
  readonly kind: 'text' | 'command';
  readonly text: string;
}

/** An advice in lines: one for each command in it, to be pasted, and for the sentences before and after it. */
export function adviceLines(advice: string): readonly string[] {
  return adviceParts(advice).map(({ kind, text }) => (kind === 'command' ? `  ${text}` : text));
}

/** The start of a command in an advice, which stands between backticks; what ends the sentence after it is no part of it. */
const command = /`((?:az|azd|bicep|npm|purgeproof|terraform) [^`\n]+)`[.,;:]?\s*/g;

/**
 * The parts of an advice, in order: commands apart, so that each can stand on a line of its own. Only for texts of ours: a
 * command that somebody else wrote must not look like an advice.
 */
export function adviceParts(text: string): readonly AdvicePart[] {
  const parts: AdvicePart[] = [];
  let end = 0;
  for (const match of text.matchAll(command)) {
    parts.push({ kind: 'text', text: text.slice(end, match.index).trimEnd() });
    parts.push({ kind: 'command', text: match[1] ?? '' });
    end = match.index + match[0].length;
  }
  return [...parts, { kind: 'text' as const, text: text.slice(end) }].filter((part) => part.text !== '');
}
