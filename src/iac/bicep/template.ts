import type { Problem } from '../../model/errors.ts';
import { objectProperties } from '../object-properties.ts';
import { optional } from '../optional.ts';
import { folderOf, resolvePath } from '../source-path.ts';
import { type Locate, locator, type SourceText } from '../source-text.ts';
import { bicep } from '../syntax/dialect.ts';
import { type Expression, textOf, valueOf } from '../syntax/expression.ts';
import { attempt, statements } from '../syntax/statements.ts';
import type { Loop, ModuleCall, Parameter, Template, VaultBlock } from '../template.ts';
import { vaultTypeOf } from '../vault-type.ts';
import { isVaultModule, moduleProperties } from './verified-module.ts';
import { argumentsOf } from '../arguments.ts';
import { scopeGroup } from './scope-group.ts';
import { type Decorators, keywords, parseStatements, type Statement } from './statement.ts';

/** Reads a Bicep file. A statement that is not understood is told in `problems`; the others are read. */
export function readBicep(source: SourceText, problems: Problem[]): Template {
  const locate = locator(source);
  const read = readStatements(source, locate, problems);
  const parameters = new Map<string, Parameter>();
  const values = new Map<string, Expression>();
  const vaults: VaultBlock[] = [];
  const calls: ModuleCall[] = [];
  for (const statement of read) {
    if (statement.kind === 'param') parameters.set(statement.name.toLowerCase(), parameterOf(statement));
    else if (statement.kind === 'var') values.set(statement.name, statement.value);
    else if (statement.kind !== 'using') {
      const declared: Declared = { statement, ...unwrap(statement.body), locate };
      values.set(statement.name, declared.object);
      if (statement.kind === 'module') readModule(declared, source.path, { vaults, calls });
      else vaults.push(...vaultOf(declared));
    }
  }
  return { parameters, values, vaults, calls };
}

/** Every statement of a Bicep or parameter file that is understood. */
export function readStatements(
  { text }: SourceText,
  locate: Locate,
  problems: Problem[],
): readonly Statement[] {
  const read: Statement[] = [];
  const decorators: Decorators = {};
  for (const cursor of statements(text, { dialect: bicep, keywords }).cursors) {
    attempt(
      () => {
        for (const statement of parseStatements(cursor, decorators)) read.push(statement);
      },
      (message, at) => problems.push({ ...locate(at), message }),
    );
  }
  return read;
}

type Declaring = Extract<Statement, { kind: 'resource' | 'module' }>;

interface Declared {
  readonly statement: Declaring;
  readonly object: Expression;
  readonly loop?: Loop;
  readonly locate: Locate;
}

function unwrap(body: Expression): { readonly object: Expression; readonly loop?: Loop } {
  if (body.kind !== 'for') return { object: body };
  const { over, keyName, valueName, value } = body;
  const names = keyName === undefined ? { valueName } : { keyName, valueName };
  return { object: value, loop: { over, ...names, keyedByItem: false } };
}

function parameterOf({ value, allowed }: Extract<Statement, { kind: 'param' }>): Parameter {
  return {
    ...(value === undefined ? {} : { default: value }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}

function vaultOf({ statement, object, loop, locate }: Declared): readonly VaultBlock[] {
  const type = vaultTypeOf(textOf(statement.target) ?? '');
  if (type === undefined || statement.existing) return [];
  return [
    {
      type,
      at: locate(statement.at),
      ...optional('name', valueOf(object, 'name')),
      ...optional('tags', valueOf(object, 'tags')),
      ...optional('resourceGroup', scopeGroup(valueOf(object, 'scope'))),
      properties: objectProperties(valueOf(object, 'properties'), locate),
      ...optional('loop', loop),
      resourceIds: [],
    },
  ];
}

function readModule(
  declared: Declared,
  path: string,
  { vaults, calls }: { readonly vaults: VaultBlock[]; readonly calls: ModuleCall[] },
): void {
  const { statement, object, loop, locate } = declared;
  const target = textOf(statement.target) ?? '';
  const params = valueOf(object, 'params');
  const where = {
    ...optional('resourceGroup', scopeGroup(valueOf(object, 'scope'))),
    ...optional('loop', loop),
  };
  if (isVaultModule(target)) {
    vaults.push({
      type: 'vault',
      at: locate(statement.at),
      ...optional('name', valueOf(params, 'name')),
      ...optional('tags', valueOf(params, 'tags')),
      properties: moduleProperties(params, locate),
      ...where,
      resourceIds: [],
    });
  }
  const file = target.includes(':') ? undefined : resolvePath(folderOf(path), target);
  if (file !== undefined) calls.push({ target: file, arguments: argumentsOf(params, locate), ...where });
}
