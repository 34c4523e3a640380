import { inReadingOrder, locateAll } from '../../documents/document.ts';
import { tryParseJson } from '../../documents/json/parse.ts';
import { readDocument } from '../../documents/read-document.ts';
import { validateBy } from '../../documents/schema/validate.ts';
import { PolicyError } from '../../model/errors.ts';
import { isJsonObject } from '../../model/json.ts';
import { type Kit, kitPartNames } from '../../model/kit.ts';
import { kitSchema } from './schema.ts';

/** Reads `kit.json`. Throws PolicyError with every place where it is not a kit; `file` is its name in messages. */
export function parseKit(bytes: Uint8Array, file: string): Kit {
  const kit = tryParseKit(bytes);
  if (kit !== undefined) return kit;
  const { document, problems } = readDocument({ file, bytes });
  if (document === undefined || problems.length > 0) throw new PolicyError(problems);
  const located = locateAll(document, validate(document.value));
  // YAML that says the same is no kit, and a part that is left out would look like an empty one.
  const unexplained = {
    file,
    line: 1,
    column: 1,
    message: 'a kit is JSON, with each part of each vault once, and each vault once',
  };
  throw new PolicyError(located.length === 0 ? [unexplained] : inReadingOrder(located));
}

/** The same; `undefined` for anything else. */
export function tryParseKit(bytes: Uint8Array): Kit | undefined {
  const parsed = tryParseJson(bytes);
  return parsed !== undefined && isKit(parsed) && isWellFormed(parsed) ? parsed : undefined;
}

const validate = validateBy(kitSchema);

/** The schema says everything that the type says. */
function isKit(value: unknown): value is Kit {
  return isJsonObject(value) && validate(value).length === 0;
}

function isWellFormed({ vaults }: Kit): boolean {
  const ids = vaults.map(({ id }) => id.toLowerCase());
  const files = vaults.map(({ bicep }) => bicep.toLowerCase());
  return (
    new Set(ids).size === ids.length &&
    new Set(files).size === files.length &&
    vaults.every(({ parts }) => parts.map(({ name }) => name).join() === kitPartNames.join())
  );
}
