import { inReadingOrder, locateAll } from '../../documents/document.ts';
import { readDocument } from '../../documents/read-document.ts';
import { tryParseJson } from '../../documents/json/parse.ts';
import { validateBy } from '../../documents/schema/validate.ts';
import { dialect, type JsonSchema, objectOf, textLike } from '../../documents/schema/json-schema.ts';
import { PolicyError } from '../../model/errors.ts';
import { isJsonObject } from '../../model/json.ts';
import { clouds } from '../../model/cloud.ts';
import {
  type Kit,
  kitPartNames,
  type KitPart,
  type KitPartName,
  type KitVault,
  type KitVaultAddress,
} from '../../model/kit.ts';
import { recycleBinTypes, knownType } from '../../resource-types/known-type.ts';
import { sha256 } from '../canonical-json.ts';

/** The parts of a kit of a resource type, in their order: Event Grid has no managed HSM among its sources. */
export function partsOfType(type: string): readonly KitPartName[] {
  return knownType(type)?.raisesEvents === true
    ? kitPartNames
    : kitPartNames.filter((name) => name !== 'eventSubscriptions');
}

/** A vault with its parts, in the order of `kitPartNames`. */
export function kitVault(vault: KitVaultAddress, parts: readonly KitPart[]): KitVault {
  const { id, name, type, subscriptionId, resourceGroup } = vault;
  const ordered = kitPartNames.flatMap((part) => parts.filter((one) => one.name === part));
  return { id, name, type, subscriptionId, resourceGroup, bicep: bicepName(vault), parts: ordered };
}

/** True where every part of every vault was read. */
export function isWhole({ vaults }: Pick<Kit, 'vaults'>): boolean {
  return vaults.every(({ parts }) => parts.every(({ state }) => state === 'read'));
}

/** A file name that is harmless whatever the vault is called, and its own for each vault. */
function bicepName({ id, name }: KitVaultAddress): string {
  const safe = name.replaceAll(/[^A-Za-z0-9-]/g, '').slice(0, 24) || 'vault';
  return `${safe.replace(/^-+/, '') || 'vault'}-${sha256(id.toLowerCase()).slice(0, 8)}.bicep`;
}

const text = (description: string): JsonSchema => ({ type: 'string', description });
const list = (items: JsonSchema, description: string): JsonSchema => ({ type: 'array', description, items });

const armId = textLike('^/', 'an ARM id, which begins with /', 'An ARM id.');
const vaultId = textLike(
  '^/subscriptions/[^/]+/resource[gG]roups/[^/]+/providers/[^/]+/[^/]+/[^/]+$',
  'the ARM id of a vault or managed HSM',
  'The ARM id of the vault or managed HSM.',
);
const time = textLike(
  String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`,
  'a time such as 2026-11-24T12:00:00.000Z',
  'ISO 8601, UTC.',
);
const bicep = textLike(
  String.raw`^[A-Za-z0-9][A-Za-z0-9-]*\.bicep$`,
  'the name of a Bicep file beside the kit',
  'The Bicep file beside the kit.',
);

const item = objectOf(
  {
    id: armId,
    name: text('The name.'),
    properties: {
      type: 'object',
      description: 'What the request that puts it back sends, without any secret.',
    },
  },
  ['id', 'name', 'properties'],
  'One thing around it.',
);

const name: JsonSchema = { enum: kitPartNames, description: 'The part.' };
const read = objectOf(
  { name, state: { const: 'read' }, items: list(item, 'All there was.') },
  ['name', 'state', 'items'],
  'A part that was read; an empty list means that there was nothing.',
);
const notRead = objectOf(
  {
    name,
    state: { const: 'notRead' },
    reason: text('Why it could not be read.'),
    hint: text('What to do about it.'),
  },
  ['name', 'state', 'reason', 'hint'],
  'A part that could not be read: nothing is known about it.',
);

const vault = objectOf(
  {
    id: vaultId,
    name: text('The name.'),
    type: { enum: recycleBinTypes, description: 'The resource type.' },
    subscriptionId: text('The subscription.'),
    resourceGroup: text('The resource group.'),
    bicep,
    parts: list(
      { anyOf: [read, notRead] },
      'An entry for every part; a managed HSM has no Event Grid subscriptions.',
    ),
  },
  ['id', 'name', 'type', 'subscriptionId', 'resourceGroup', 'bicep', 'parts'],
  'A vault or managed HSM, and everything around it.',
);

/** The published schema of `kit.json`. */
export const kitSchema: JsonSchema = {
  $schema: dialect,
  title: 'Recovery kit of purgeproof',
  ...objectOf(
    {
      schemaVersion: { const: '1.0', description: 'The version of this format.' },
      tool: objectOf(
        { name: text('The program.'), version: text('Its version.') },
        ['name', 'version'],
        'Who made it.',
      ),
      createdAt: time,
      cloud: { enum: clouds, description: 'The cloud that they are in.' },
      complete: { type: 'boolean', description: 'False where a part could not be read.' },
      vaults: list(vault, 'The vaults and managed HSMs.'),
    },
    ['schemaVersion', 'tool', 'createdAt', 'cloud', 'complete', 'vaults'],
    'What a recovery would not bring back, or might bring back differently.',
  ),
};

/** Reads `kit.json`. Throws PolicyError with every place where it is not a kit; `file` is its name in messages. */
export function parseKit(bytes: Uint8Array, file: string): Kit {
  const kit = tryParseKit(bytes);
  if (kit !== undefined) return kit;
  const { document, problems } = readDocument({ file, bytes });
  if (document === undefined || problems.length > 0) throw new PolicyError(problems);
  const located = locateAll(document, validate(document.value));
  // YAML that says the same is no kit, and a part that is left out would look like an empty one.
  const message = 'a kit is JSON, with each part of each vault once, and each vault once';
  const unexplained = { file, line: 1, column: 1, message };
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
    vaults.every(({ type, parts }) => parts.map(({ name }) => name).join() === partsOfType(type).join())
  );
}
