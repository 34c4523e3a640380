const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|PoP)\s+[\w.~+/=-]+/gi, '$1 REDACTED'],
  [/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)*/g, 'REDACTED'],
  [
    /("?(?:access_token|refresh_token|id_token|client_secret|client_assertion|assertion|password)"?\s*[:=]\s*)("[^"]*"|[^\s&,}]+)/gi,
    '$1REDACTED',
  ],
];

/** Takes everything out of a text that looks like a token or a secret: nothing of the kind may reach a log. */
export function redact(text: string): string {
  return secrets.reduce((clean, [pattern, replacement]) => clean.replaceAll(pattern, replacement), text);
}
