import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject, objectAt, parseJson } from '../../src/model/json.ts';
import { compileRule, judge } from '../../src/rules/evaluate.ts';
import { readReport, run } from '../cli/run.ts';
import { type BuiltIn, builtIns, rowsOf, wantedOf } from './built-in-definitions.ts';
import { loadPolicies, resourceOf } from './policies.ts';

/** Azure's own definitions, which are not part of this repository: a checkout of Azure/azure-policy, by the environment. */
const checkout = process.env['PURGEPROOF_AZURE_POLICY'] ?? '';
const root = join(checkout, 'built-in-policies/policyDefinitions');

function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/^\uFEFF/, '');
}

/** The names of all definitions of a resource mode about vaults or managed HSMs that can have the effect audit or deny, as their JSON says. */
function judgeable(): readonly string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => {
      const text = textOf(file);
      if (!/microsoft\.keyvault\/(?:vaults|managedhsms)"/i.test(text)) return [];
      const definition = parseJson(text);
      return isJsonObject(definition) && isJudgeable(objectAt(definition, 'properties'))
        ? [textIn(definition['name'])]
        : [];
    });
  return [...new Set(names)].toSorted();
}

function isJudgeable({ mode, parameters, policyRule }: JsonObject): boolean {
  if (!isJsonObject(policyRule) || textIn(mode).startsWith('Microsoft.')) return false;
  const isAbout = /"field":"type","equals":"microsoft\.keyvault\/(?:vaults|managedhsms)"/i;
  if (!isAbout.test(JSON.stringify(policyRule['if']))) return false;
  const { effect } = objectAt(policyRule, 'then');
  const [, parameter = ''] = /^\[parameters\('(\w+)'\)\]$/.exec(textIn(effect)) ?? [];
  const given = isJsonObject(parameters) ? objectAt(parameters, parameter)['allowedValues'] : undefined;
  return /"(?:audit|deny)"/i.test(JSON.stringify(given ?? [effect]));
}

describe.skipIf(checkout === '')("Azure's own definitions for Key Vault", () => {
  test('those that judge are the ones that are known here, wherever they are', () => {
    expect(judgeable()).toEqual(Object.keys(builtIns).toSorted());
  });

  test('of their folder all are read; each that is not evaluated says why', () => {
    const names = readdirSync(join(root, 'Key Vault')).filter((name) => name.endsWith('.json'));
    const files = Object.fromEntries(names.map((name) => [name, textOf(`Key Vault/${name}`)]));
    const { rules, problems, passedOver = [] } = loadPolicies(files);
    expect(problems).toEqual([]);
    expect(rules.length + passedOver.length).toBe(names.length);
    const others = rules.filter(({ id }) => !(id in builtIns));
    for (const { id, policy } of others)
      expect([id, policy?.notEvaluated]).toEqual([id, expect.stringMatching(/^Its .+\.$/)]);
  });

  test.for(Object.entries(builtIns))('%s is right on its truth table', async ([id, builtIn]) => {
    const { rules, problems } = loadPolicies({ [builtIn.file]: textOf(builtIn.file) });
    const [rule] = rules;
    if (rule === undefined) throw new Error(`there is no definition ${id}`);
    expect([rule.id, problems, rule.policy?.notEvaluated]).toEqual([id, [], undefined]);
    for (const parameters of builtIn.parameters ?? [{}]) {
      const compiled = compileRule(rule, parameters);
      for (const properties of rowsOf(builtIn)) {
        const verdict = judge(compiled, resourceOf({ type: builtIn.type, properties }));
        expect([properties, parameters, verdict]).toEqual([
          properties,
          parameters,
          wantedOf(builtIn, properties, parameters),
        ]);
      }
    }
  });

  test('a scan by all of them reports what their tables say', async () => {
    const rows = Object.entries(builtIns).flatMap(([id, builtIn]) =>
      rowsOf(builtIn).map((properties, index) => ({
        id,
        builtIn,
        body: bodyOf(builtIn, properties, `${id}-${index}`),
      })),
    );
    const files = Object.values(builtIns).flatMap(({ file }) => ['--policies', join(root, file)]);
    const argv = [
      'scan',
      '--no-config',
      '--no-default-policies',
      '--inventory',
      '-',
      '--include-compliant',
      '--output',
      'json',
    ];
    const { stdout, code } = await run([...argv, ...files], {
      stdin: JSON.stringify(rows.map(({ body }) => body)),
    });
    expect(code).toBe(1);
    const found = new Map(
      readReport(stdout).findings.map(({ ruleId, resource, compliance }) => [
        `${ruleId} ${resource.name}`,
        compliance,
      ]),
    );
    for (const { id, builtIn, body } of rows) {
      const verdict = found.get(`${id} ${body.name}`) ?? 'notApplicable';
      expect([body, verdict]).toEqual([body, wantedOf(builtIn, objectAt(body, 'properties'), {})]);
    }
  });
});

function bodyOf({ type }: BuiltIn, properties: Json, name: string): JsonObject & { readonly name: string } {
  const group = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg';
  return {
    id: `${group}/providers/${type}/${name}`,
    name,
    type,
    location: 'westeurope',
    tags: {},
    properties,
  };
}
