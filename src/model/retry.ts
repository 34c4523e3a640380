/** True where the same request may succeed in a moment: no answer came (0), or one that says that the server failed. */
export function isTransientStatus(status: number): boolean {
  return status === 0 || status === 408 || (status >= 500 && !lasting.has(status));
}

/** Not implemented, HTTP version not supported, and "sign in to this network" (RFC 6585). */
const lasting: ReadonlySet<number> = new Set([501, 505, 511]);
