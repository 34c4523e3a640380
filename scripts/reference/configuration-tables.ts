import type { JsonObject } from '../../src/model/json.ts';
import { scanReportFormats } from '../../src/reporters/scan/formats.ts';
import { configSchema } from '../../src/rules/schema/config-schema.ts';
import { exemptionsSchema } from '../../src/rules/schema/exemptions-schema.ts';
import { configurationKeys } from './configuration-keys.ts';
import { markdownTable } from './markdown-table.ts';
import { keysOf, schemaAt } from './schema-words.ts';

/** The tables of docs/configuration.md by the names of their places in it. */
export function configurationTables(): ReadonlyMap<string, string> {
  const exemption = schemaAt(exemptionsSchema, 'properties', 'exemptions', 'items');
  return new Map([
    ['configuration keys', configurationTable()],
    [
      'write limits',
      keyTable(schemaAt(configSchema(Object.keys(scanReportFormats)), 'properties', 'writes')),
    ],
    ['exemption keys', keyTable(exemption)],
    ['scope keys', scopeTable(schemaAt(exemption, 'properties', 'scope'))],
  ]);
}

function configurationTable(): string {
  const rows = keysOf(configSchema(Object.keys(scanReportFormats))).map(({ key, takes, meaning }) => {
    const known = configurationKeys[key];
    if (known === undefined) throw new Error(`scripts/reference/configuration-keys.ts lacks ${key}`);
    return [`\`${key}\``, takes, meaning, known.default, known.flag];
  });
  return markdownTable(['key', 'takes', 'meaning', 'default', 'flag'], rows);
}

function keyTable(schema: JsonObject): string {
  const rows = keysOf(schema).map(({ key, required, takes, meaning }) => [
    `\`${key}\``,
    required ? 'yes' : '',
    takes,
    meaning,
  ]);
  return markdownTable(['key', 'required', 'takes', 'meaning'], rows);
}

function scopeTable(schema: JsonObject): string {
  const rows = keysOf(schema).map(({ key, takes, meaning }) => [`\`${key}\``, takes, meaning]);
  return markdownTable(['key', 'takes', 'meaning'], rows);
}
