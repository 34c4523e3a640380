import { assert, constantFrom, jsonValue, nat, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';

import { PolicyError, type Problem } from '../../../src/model/errors.ts';
import { loadExemptions } from '../../../src/rules/load/exemptions.ts';
import { loadRules } from '../../../src/rules/load/rules.ts';
import { runs } from '../../runs.ts';
import { fileOf, fixture, fixtureNames, loadConfig, refusalOf } from './fixtures.ts';

const rule = new TextDecoder().decode(fixture('policies/valid', 'every-key.yaml').bytes);
const keys = [...rule.matchAll(/^([a-z]\w*):/gimu)].map(([, key]) => key ?? '');
const anyJson = jsonValue({ stringUnit: 'binary' });
const loaders = [
  (text: string) => loadRules([fileOf(text)]),
  (text: string) =>
    loadExemptions(fileOf(text), {
      named: [{ id: 'AKV002', name: 'purge-protection' }],
      areAll: true,
    }),
  (text: string) => loadConfig(fileOf(text)),
];

describe('whatever a file holds, it is loaded or refused with places and one-line messages', () => {
  test.for([
    ['any text', property(string({ unit: 'binary', maxLength: 200 }), isCivil)],
    ['any JSON', property(anyJson, (value) => isCivil(JSON.stringify(value)))],
    [
      'a JSON rule of which one key holds any JSON',
      property(constantFrom(...keys), anyJson, (key, value) =>
        isCivil(JSON.stringify({ ...Object.fromEntries(keys.map((each) => [each, 'x'])), [key]: value })),
      ),
    ],
    [
      'a rule of which one key holds any JSON',
      property(constantFrom(...keys), anyJson, (key, value) =>
        isCivil(`${without(key)}${key}: ${JSON.stringify(value)}\n`),
      ),
    ],
    [
      'a rule cut off, or with anything in its middle',
      property(nat(rule.length), nat(20), string({ maxLength: 8 }), (at, gap, text) =>
        isCivil(rule.slice(0, at) + text + rule.slice(at + gap)),
      ),
    ],
  ] as const)('%s', ([, law]) => {
    // Each law has a type of its own, which a union of them hides from `assert`.
    expect(() =>
      assert<unknown[]>(law as Parameters<typeof assert<unknown[]>>[0], { numRuns: runs(200) }),
    ).not.toThrow();
  });

  test.for(['policies/invalid', 'policies/valid', 'exemptions/invalid', 'config/invalid'])(
    'a file of another kind, or encoding: %s',
    (folder) => {
      const texts = fixtureNames(folder).map((name) =>
        new TextDecoder('latin1').decode(fixture(folder, name).bytes),
      );
      expect(texts.filter((text) => !isCivil(text))).toEqual([]);
    },
  );
});

test('what a file says is quoted as text, on one line', () => {
  const key = String.raw`\x1b[31m\n::error::\u202e`;
  const problems = refusalOf(() => loadConfig(fileOf(`"${key}": 1\n`)));
  expect(problems[0]?.message).toContain(String.raw`\u{1b}[31m\u{a}::error::\u{202e}`);
});

test('a key without end is cut', () => {
  const [problem] = refusalOf(() => loadConfig(fileOf(`? "${'a'.repeat(5000)}"\n: 1\n`)));
  expect(problem?.message).toMatch(/^unknown key "a{400,500}…$/u);
});

function isCivil(text: string): boolean {
  return loaders.every((load) => problemsOf(() => load(text)).every(isTold));
}

function problemsOf(load: () => unknown): readonly Problem[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof PolicyError && error.problems.length > 0) return error.problems;
    throw error;
  }
}

function isTold({ file, line, column, message }: Problem): boolean {
  const oneLine = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,600}$/u;
  return file === 'rule.yaml' && line >= 1 && column >= 1 && oneLine.test(message);
}

/** The rule without one of its keys and what stands below it. */
function without(key: string): string {
  return rule.replace(new RegExp(`^${key}:.*\\n(?:[ -].*\\n)*`, 'mu'), '');
}
