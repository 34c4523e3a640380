import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { operators } from '../../../src/rules/operators/index.ts';
import { ruleSchema } from '../../../src/rules/schema/rule-schema.ts';
import { shippedRuleFiles } from '../../../src/files/shipped-rules.ts';
import { fixture, fixtureNames } from '../load/fixtures.ts';

const root = join(import.meta.dirname, '../../..');

describe('the published schema', () => {
  test.for([
    ['rule', 'policies/valid'],
    ['exemptions', 'exemptions/valid'],
    ['config', 'config/valid'],
  ] as const)('of a %s accepts every file in %s', ([name, folder]) => {
    const validate = published(name);
    const refused = fixtureNames(folder).filter((file) => !validate(parse(textOf(folder, file))));
    expect(refused).toEqual([]);
  });

  test.for(readdirSync(join(root, 'schemas')))(
    '%s has no pattern that validators in Go and Rust cannot compile',
    (file) => {
      const schema = readFileSync(join(root, 'schemas', file), 'utf8');
      // Looking ahead or behind, and back references: neither RE2 nor the regex crate has them.
      expect(schema.match(/\(\?<?[=!]|\\\\[1-9]/gu) ?? []).toEqual([]);
    },
  );

  test('of a rule accepts every rule that ships with purgeproof', () => {
    const validate = published('rule');
    const refused = shippedRuleFiles().filter(
      ({ bytes }) => !validate(parse(new TextDecoder().decode(bytes))),
    );
    expect(refused.map(({ file }) => file)).toEqual([]);
  });

  test('explains every word of the condition language', () => {
    const { condition } = Object(ruleSchema['$defs']);
    const silent = Object.keys(operators).filter(
      (name) => !/\S/u.test(condition.properties[name].description),
    );
    expect(silent).toEqual([]);
  });
});

function published(name: string) {
  const schema = JSON.parse(readFileSync(join(root, `schemas/${name}.schema.json`), 'utf8'));
  return new Ajv2020({
    strictSchema: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    keywords: ['patternErrorMessage', 'errorMessage'],
  }).compile(schema);
}

function textOf(folder: string, file: string): string {
  return new TextDecoder().decode(fixture(folder, file).bytes);
}
