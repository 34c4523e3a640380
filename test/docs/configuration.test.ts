import { Command } from 'commander';
import { expect, test } from 'vitest';
import { configurationKeys } from '../../scripts/reference/configuration-keys.ts';
import {
  addIncludeFlag,
  addInventoryFlag,
  addReadFlags,
  addReportFlags,
  addAzureExemptionsFlag,
  addRuleFlags,
  addScopeFlags,
} from '../../src/cli/flags.ts';
import { addFilterFlags } from '../../src/cli/scan-options.ts';
import { scanReportFormats } from '../../src/reporters/scan/formats.ts';
import { configSchema } from '../../src/rules/schema/config-schema.ts';
import { mergeSettings, type ScanFlags } from '../../src/usecases/settings/scan-settings.ts';

const nothingSaid: ScanFlags = {
  subscriptions: [],
  managementGroups: [],
  inventory: undefined,
  policies: [],
  defaultPolicies: true,
  rules: [],
  excludeRules: [],
  parameters: [],
  exemptions: undefined,
  failOn: undefined,
  allowIncomplete: undefined,
  includeCompliant: undefined,
  cloud: undefined,
  requestTimeoutMs: undefined,
  outputs: [],
};

test('the page of the configuration knows every key', () => {
  const keys = Object.keys(Object(configSchema(Object.keys(scanReportFormats))['properties'])).filter(
    (key) => key !== '$schema',
  );
  expect(Object.keys(configurationKeys)).toEqual(keys);
});

test('it names flags that exist', () => {
  const command = new Command();
  for (const add of [
    addScopeFlags,
    addFilterFlags,
    addInventoryFlag,
    addIncludeFlag,
    addAzureExemptionsFlag,
    addRuleFlags,
    addReportFlags,
    addReadFlags,
  ])
    add(command);
  const known = new Set(command.options.map(({ long }) => long));
  const named = Object.values(configurationKeys).flatMap(({ flag }) => flag.match(/--[a-z-]+/gu) ?? []);
  expect(named.filter((flag) => !known.has(flag))).toEqual([]);
});

test('its defaults are those of a scan of which nothing was said', () => {
  const settings = new Map<string, unknown>(Object.entries(mergeSettings(nothingSaid, undefined)));
  const scalars = ['defaultPolicies', 'failOn', 'allowIncomplete', 'includeCompliant', 'cloud'];
  expect(scalars.map((key) => configurationKeys[key]?.default)).toEqual(
    scalars.map((key) => `\`${String(settings.get(key))}\``),
  );
  const { target } = mergeSettings({ ...nothingSaid, inventory: 'vaults.json' }, undefined);
  expect(target).toMatchObject({ kind: 'inventory', complete: false });
  expect(configurationKeys['inventoryComplete']?.default).toBe('`false`');
});
