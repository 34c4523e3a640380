import { type Json, parseJson } from '../../model/json.ts';

/** Parses JSON, as text or as its bytes in UTF-8. `undefined` for anything else. */
export function tryParseJson(source: string | Uint8Array): Json | undefined {
  try {
    return parseJson(
      typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source),
    );
  } catch {
    return undefined;
  }
}
