const longest = 500;

/**
 * The line of a failure that says what went wrong: the one with the code of Microsoft Entra ID, of a Python traceback
 * the exception at its end, else the first error. Advice to read elsewhere is left out.
 */
export function tellingLine(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const line =
    lines.find((each) => /AADSTS\d+/.test(each)) ??
    exceptionIn(lines) ??
    detailIn(lines) ??
    lines.find((each) => each.startsWith('ERROR: ')) ??
    lines.find((each) => !/^WARNING/i.test(each.trim())) ??
    lines[0] ??
    '';
  return shorten(plain(line));
}

/** AuthenticationError has what Azure said on a line of its own, below words of the SDK's. */
function detailIn(lines: readonly string[]): string | undefined {
  const start = lines.findIndex((line) => line.trim() === 'More details:');
  const details = start === -1 ? [] : lines.slice(start + 1);
  return details.find((line) => !/^An unknown error has occurred|^The service indicated/.test(line));
}

/** The first line after the frames of the last traceback; those before it are causes. */
function exceptionIn(lines: readonly string[]): string | undefined {
  const start = lines.findLastIndex((line) => /Traceback \(most recent call last\)/.test(line));
  return start === -1 ? undefined : lines.slice(start + 1).find((line) => /^\S/.test(line));
}

function plain(line: string): string {
  return line
    .replace(/^.*?(?=AADSTS\d+)|^(?:Error: |ERROR: |CredentialUnavailableError: )+/, '')
    .replace(/(?: - \w+ ID: Not Available)+,?$/, '')
    .replace(/\s*(?:To troubleshoot, visit|For more information, see|See) \S*https?:\/\/\S+.*$/, '')
    .trim()
    .replace(/,$/, '');
}

function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
