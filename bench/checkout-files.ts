import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folder } from './scanner.ts';

/** A generated folder of files. */
export interface Checkout {
  readonly path: string;
  readonly files: number;
  readonly megabytes: number;
}

/** JSON schemas as Azure publishes them: they hold every word of a template, and are none. */
export function schemaFiles(): Checkout {
  return written('schemas', 40, (index) => [`schemas/2023-${index}/Microsoft.Any.json`, schemaText(index)]);
}

/** A repository as they are: modules with their compiled output, documentation, and a vault in one module of forty. */
export function repositoryFiles(): Checkout {
  return written('repository', 5_000, (index) => {
    const module = `modules/m${Math.floor(index / 5)}`;
    switch (index % 5) {
      case 0:
        return [`${module}/main.bicep`, bicepText(Math.floor(index / 5))];
      case 1:
        return [`${module}/main.json`, compiledText(index)];
      case 2:
        return [`${module}/README.md`, `# Module ${index}\n${'It does what it says.\n'.repeat(300)}`];
      case 3:
        return [`${module}/tests/main.test.bicep`, testText(index)];
      default:
        return [`${module}/version.json`, JSON.stringify({ $schema: 'https://aka.ms/x#', version: '0.1' })];
    }
  });
}

function written(name: string, files: number, make: (index: number) => readonly [string, string]): Checkout {
  const path = join(folder, name);
  let bytes = 0;
  for (let index = 0; index < files; index += 1) {
    const [file, text] = make(index);
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
    bytes += Buffer.byteLength(text);
  }
  return { path, files, megabytes: bytes / 1e6 };
}

function schemaText(index: number): string {
  const definition = (order: number): object => ({
    type: 'object',
    properties: {
      type: { enum: ['Microsoft.KeyVault/vaults', `Microsoft.Any/kind${order}`] },
      apiVersion: { enum: [`2023-${index}`] },
      resources: {
        $ref: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#/resources',
      },
      description: 'Optional. What the property is for, as schemas tell it at length.',
    },
    required: ['type', 'apiVersion', 'contentVersion'],
  });
  const definitions = Object.fromEntries(
    Array.from({ length: 900 }, (_, order) => [`definition${order}`, definition(order)]),
  );
  const $schema = 'http://json-schema.org/draft-04/schema#';
  return JSON.stringify(
    { id: `x${index}`, $schema, title: 'deploymentTemplate.json', definitions },
    undefined,
    1,
  );
}

function bicepText(module: number): string {
  const parameters = Array.from(
    { length: 30 },
    (_, order) =>
      `@description('Optional. What parameter ${order} is for.')\nparam p${order} string = 'value${order}'\n`,
  );
  const type = module % 40 === 0 ? 'Microsoft.KeyVault/vaults@2023-07-01' : 'Microsoft.Any/things@2023-07-01';
  const resource = `resource r '${type}' = {\n  name: 'kv-\${p0}-\${p1}'\n  properties: {\n    a: p2\n  }\n}\n`;
  return `${parameters.join('')}${resource}output id string = r.id\n`;
}

function testText(index: number): string {
  const given = Array.from({ length: 30 }, (_, order) => `    p${order}: 'test${index}'\n`).join('');
  return `module tested '../main.bicep' = {\n  name: 'tested'\n  params: {\n${given}  }\n}\n`;
}

function compiledText(index: number): string {
  const resources = Array.from({ length: 60 }, (_, order) => ({
    type: 'Microsoft.Any/things',
    name: `t${order}`,
    index,
  }));
  const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  return JSON.stringify({ $schema, metadata: { _generator: { name: 'bicep' } }, resources }, undefined, 2);
}
