/** Each is bounded where it may begin at any place: a long text must not take minutes. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|PoP)\s+[\w.~+/=-]+/gi, '$1 REDACTED'],
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+(\.[\w-]*)*/g, 'REDACTED'],
  [
    /("?(?:access_?token|refresh_?token|id_?token|client_?secret|client_?assertion|assertion|password|(?:shared_?access|account)_?key)"?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|[^\s&,;}]+)/gi,
    '$1REDACTED',
  ],
  // The user part of a URL, up to the last @ before its path; and one whose password holds a slash, against the rules.
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>\\]{0,1024}@/gi, '$1REDACTED@'],
  [
    /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>\\:]{1,1024}:(?!\d+(?:[/?#]|$))[^\s"'<>\\]{0,1024}@/gi,
    '$1REDACTED@',
  ],
  // Signatures of shared access and pre-signed URLs, in a query as written or percent-encoded.
  [/((?:(?<![a-z])|(?<=%[\da-f]{2}))sig(?:nature)?(?:=|%3D))[^\s&"'<>\\;]+/gi, '$1REDACTED'],
];

/** Takes everything out of a text that looks like a token or a secret: nothing of the kind may reach a log. */
export function redact(text: string): string {
  return secrets.reduce((clean, [pattern, replacement]) => clean.replaceAll(pattern, replacement), text);
}
