import { revealInvisible, wellFormed } from './invisible.ts';

/**
 * One word of a command for bash and zsh, whatever is in it: nothing is expanded, and nothing that a reader cannot see is
 * left in it. A word that could be taken for a flag has to be made a path by the caller.
 */
export function shellWord(word: string): string {
  // No argument can hold a null.
  const text = wellFormed(word).replaceAll('\0', '\uFFFD');
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  // A build log obeys ##[cmd] and ##vso[cmd], wherever they stand.
  if (revealInvisible(text) === text && !/##|\uFE0E|\uFE0F/.test(text))
    return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return `$'${Array.from(text, ansiC).join('')}'`;
}

/** A path as one word of a command, which the command does not take for a flag. */
export function shellPath(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}

/** A command as one line. */
export function shellCommand(words: readonly string[]): string {
  return words.map((word) => shellWord(word)).join(' ');
}

/** A character between `$'` and `'`: what may be misread is given by its UTF-8 bytes. */
function ansiC(character: string): string {
  if (/^[\w@%+=:,./ {}"()[\]-]$/.test(character)) return character;
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => String.raw`\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}

/**
 * One word of a command for PowerShell, whatever is in it. Inside single quotes nothing is expanded, and every kind of single
 * quote ends them unless it is doubled; what a reader cannot see is given by its code.
 */
export function powershellWord(word: string): string {
  const text = wellFormed(word).replaceAll('\0', '\uFFFD');
  if (/^[\w./-]+$/.test(text) && !text.startsWith('-')) return text;
  const parts = text.split(/(?<=.)(?=.)|(?<=\n)|(?=\n)/su).map((character) => {
    const isPlain = revealInvisible(character) === character && !/#|\uFE0E|\uFE0F/u.test(character);
    return isPlain ? character.replaceAll(/['\u2018-\u201B]/gu, '$&$&') : `'+${charCodes(character)}+'`;
  });
  const quoted = `'${parts.join('')}'`;
  return quoted.includes("'+") ? `(${quoted})` : quoted;
}

function charCodes(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `[char]0x${unit.toString(16)}`).join('+');
}
