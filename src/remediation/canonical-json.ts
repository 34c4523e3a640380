import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../model/json.ts';

/** Lower-case hex SHA-256 of the canonical JSON of a value. */
export function digest(value: Json): string {
  return sha256(canonicalJson(value));
}

/** Lower-case hex SHA-256 of text (as UTF-8) or bytes. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
