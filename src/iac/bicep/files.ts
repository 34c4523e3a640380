import type { Problem } from '../../model/errors.ts';
import { locator, type SourceText } from '../checkout/source-text.ts';
import type { Expression } from '../languages/expression.ts';
import {
  emptyTemplate,
  type ModuleCall,
  type Parameter,
  type Template,
  type UnfollowedCall,
  type VaultBlock,
} from '../programs/template.ts';
import { mayHoldPolicies } from '../programs/template-data.ts';
import { readDeclaration } from './declaration.ts';
import type { DeclarationStatement } from './declaration-site.ts';
import { namesIn, readStatements } from './names.ts';
import type { Statement } from './statement.ts';
import { elsewhere } from './verified-module.ts';

/** Reads a Bicep file. A statement that is not understood is reported in `problems`; the others are read. */
export function readBicep(source: SourceText, problems: Problem[]): Template {
  const locate = locator(source);
  const read = readStatements(source, locate, problems);
  const parameters = new Map<string, Parameter>();
  const { values, ...names } = namesIn(read, source.path);
  const vaults: VaultBlock[] = [];
  const calls: ModuleCall[] = [];
  const modules = new Map<string, ModuleCall>();
  const unfollowed: UnfollowedCall[] = [];
  for (const statement of read) {
    if (statement.kind === 'param') parameters.set(statement.name.toLowerCase(), parameterOf(statement));
    if (statement.kind !== 'resource' && statement.kind !== 'module') continue;
    const { vaults: declared, call } = readDeclaration(statement, { path: source.path, locate });
    vaults.push(...declared);
    if (statement.kind === 'module' && call === undefined && declared.length === 0)
      unfollowed.push(...elsewhere({ at: locate(statement.at), symbol: statement.name }, statement.target));
    if (call !== undefined) calls.push(call);
    if (call !== undefined && statement.kind === 'module')
      modules.set(call.loop === undefined ? `${statement.name}.outputs` : statement.name, call);
    if (call?.loop === undefined) values.set(statement.name, nameable(statement));
  }
  const isHeld = calls.some(
    ({ target }) => typeof target === 'object' && 'document' in target && mayHoldPolicies(target.document),
  );
  const changed = isHeld ? [policies] : changedIn(source.text);
  return { ...emptyTemplate, parameters, values, vaults, calls, modules, changed, unfollowed, ...names };
}

/** The body of a statement, as references see it: of a resource that is there already nobody knows the properties. */
function nameable({ existing, body }: DeclarationStatement): Expression {
  if (!existing || body.kind !== 'object') return body;
  return { ...body, entries: body.entries.filter(({ key }) => key?.toLowerCase() !== 'properties') };
}

const policies = 'properties.accessPolicies';

/** The access policies of vaults are resources of their own as well: to find the words for them is enough. */
function changedIn(text: string): readonly string[] {
  return /['/]accessPolicies['@]/i.test(text) ? [policies] : [];
}

function parameterOf({
  value,
  allowed,
  isNullable = false,
}: Extract<Statement, { kind: 'param' }>): Parameter {
  return {
    isNullable,
    ...(value === undefined ? {} : { default: value }),
    ...(allowed === undefined ? {} : { allowed }),
  };
}
