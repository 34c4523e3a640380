import { type DocumentFault, entriesIn, repeatedMembers } from '../languages/document-faults.ts';
import { type Entry, type Expression, textOf, valueOf } from '../languages/expression.ts';
import { vaultTypeOf } from '../vault-type.ts';
import { isDeploymentTemplate } from './deployment-file.ts';
import { unclosed } from './expression.ts';
import { isDeployment } from './vault-resource.ts';

/** The mistakes that keep a document from being an ARM template that can be judged. */
export function* templateFaults(document: Expression): Generator<DocumentFault> {
  if (!isDeploymentTemplate(document)) {
    yield { at: 0, message: notATemplate };
    return;
  }
  yield* repeatedMembers(document, (key) => key.toLowerCase());
  yield* unclosedExpressions(document);
  yield* faultsIn(document, 0);
}

const notATemplate =
  'this is not an ARM template: it names no schema deploymentTemplate.json, and has no contentVersion and resources';

function* unclosedExpressions(document: Expression): Generator<DocumentFault> {
  const open: Entry[] = [{ at: 0, value: document }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { at, value } = next;
    if (value === unclosed)
      yield { at, message: 'an expression has a bracket or a quote that is not closed' };
    if (value.kind === 'array') open.push(...value.items.map((item) => ({ at, value: item })));
    open.push(...entriesIn(value));
  }
}

const parts: Readonly<Record<string, readonly Expression['kind'][]>> = {
  parameters: ['object'],
  variables: ['object'],
  outputs: ['object'],
  resources: ['array', 'object'],
};

/** The mistakes of a template, `at` being where it begins, and of those that are nested in it. */
function* faultsIn(template: Expression, at: number): Generator<DocumentFault> {
  if (valueOf(template, 'resources') === undefined) yield { at, message: 'the template has no resources' };
  for (const { key = '', at: place, value } of entriesIn(template)) {
    const name = key.toLowerCase();
    const kinds = parts[name];
    if (kinds !== undefined && !kinds.includes(value.kind))
      yield {
        at: place,
        message: `${key} must be ${kinds.includes('array') ? 'a list or an object' : 'an object'}`,
      };
    if (name === 'languageversion' && !/^[12]\.\d/.test(textOf(value) ?? ''))
      yield { at: place, message: `${key} must be "1.0" or "2.0"` };
    if (name === 'parameters') for (const parameter of entriesIn(value)) yield* parameterFaults(parameter);
    if (name === 'resources') yield* resourceFaults(value, place);
  }
}

const parameterTypes = /^(?:string|securestring|int|bool|object|secureobject|array)$/i;

function* parameterFaults({ key = '', at, value }: Entry): Generator<DocumentFault> {
  const name = JSON.stringify(key);
  const type = valueOf(value, 'type');
  if (value.kind !== 'object') yield { at, message: `the parameter ${name} must be an object` };
  // The compiler of Bicep writes none for a parameter that may be anything.
  else if (type !== undefined && !parameterTypes.test(textOf(type) ?? ''))
    yield { at, message: `the type of the parameter ${name} must be string, int, bool, object or array` };
}

function* resourceFaults(resources: Expression, at: number): Generator<DocumentFault> {
  const listed =
    resources.kind === 'array' ? resources.items.map((value) => ({ at, value })) : entriesIn(resources);
  for (const { at: place, value } of listed) {
    if (value.kind !== 'object') yield { at: place, message: 'a resource must be an object' };
    else yield* ownFaults(value, value.at ?? place);
  }
}

function* ownFaults(resource: Expression, at: number): Generator<DocumentFault> {
  const type = valueOf(resource, 'type');
  if (type === undefined) yield { at, message: 'a resource has no type' };
  else if (type.kind === 'literal' && typeof type.value !== 'string')
    yield { at, message: 'the type of a resource must be text' };
  const isVault = vaultTypeOf(textOf(type) ?? '') !== undefined;
  if (isVault && valueOf(resource, 'name') === undefined) yield { at, message: 'a vault has no name' };
  for (const { key = '', at: place, value } of entriesIn(resource)) {
    const name = key.toLowerCase();
    const must = mistakes[name]?.(value, isVault);
    if (must !== undefined) yield { at: place, message: `${key} must be ${must}` };
    if (name === 'resources') yield* childFaults(value, { key, at: place });
    if (name === 'properties' && isDeployment(resource)) yield* nestedFaults(value);
  }
}

/** The form that a part of a resource must have and has not, by the name of the part. Expressions may be anything. */
const mistakes: Readonly<Record<string, (value: Expression, isVault: boolean) => string | undefined>> = {
  name: (value) =>
    isWritten(value) && (textOf(value) ?? '') === '' ? 'text, or an expression for one' : undefined,
  condition: (value) =>
    isWritten(value) && !/^(?:true|false)$/i.test(String(literalOf(value)))
      ? 'true or false, or an expression for one'
      : undefined,
  properties: (value, isVault) =>
    isVault && isWritten(value) && value.kind !== 'object' ? 'an object' : undefined,
  copy: (value) => {
    if (value.kind !== 'object') return 'an object with a name and a count';
    const count = valueOf(value, 'count');
    if (count === undefined || textOf(valueOf(value, 'name')) === undefined)
      return 'an object with a name and a count';
    return isWritten(count) && !/^\d+$/.test(String(literalOf(count)))
      ? 'an object whose count is a number that is not negative'
      : undefined;
  },
};

/** True for what is no expression. */
function isWritten({ kind }: Expression): boolean {
  return kind === 'literal' || kind === 'array' || kind === 'object';
}

function literalOf(value: Expression): string | number | boolean | null | undefined {
  return value.kind === 'literal' ? value.value : undefined;
}

function* childFaults(
  children: Expression,
  { key, at }: Pick<Entry, 'key' | 'at'>,
): Generator<DocumentFault> {
  if (children.kind === 'array' || children.kind === 'object') yield* resourceFaults(children, at);
  else if (children.kind === 'literal') yield { at, message: `${key} must be a list or an object` };
}

function* nestedFaults(properties: Expression): Generator<DocumentFault> {
  for (const { key = '', at, value } of entriesIn(properties)) {
    if (key.toLowerCase() !== 'template') continue;
    if (value.kind === 'object') yield* faultsIn(value, value.at ?? at);
    else if (isWritten(value)) yield { at, message: `${key} must be an object` };
  }
}
