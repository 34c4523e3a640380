import { folderOf, resolvePath } from '../checkout/source-path.ts';
import { type Locate, locator, type SourceText } from '../checkout/source-text.ts';
import { type Entry, type Expression, textOf, valueOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import { emptyTemplate, type Parameter, type Template } from '../programs/template.ts';
import { passedArguments } from './arguments.ts';
import {
  jointCondition,
  conditionOf,
  copyOf,
  isDeployment,
  type ResourcePlace,
  vaultsIn,
  withCopies,
} from './vault-resource.ts';

/** Reads an ARM template that `readJson` has read: its own resources, and the deployments inside it. */
export function readArmTemplate(source: SourceText, document: Expression): Template {
  return templateOf(document, { locate: locator(source), folder: folderOf(source.path) });
}

interface Place {
  readonly locate: Locate;
  readonly folder: string;
  /** The scope in which a deployment inside is evaluated that names none. */
  readonly nestedScope: 'inner' | 'outer';
}

/**
 * Of language version 2.0 the template inside has names of its own, of older ones those of the template around it:
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#languageversion-20
 */
function defaultScope(document: Expression): Place['nestedScope'] {
  const version = textOf(valueOf(document, 'languageVersion')) ?? '1';
  return version.startsWith('1') ? 'outer' : 'inner';
}

function templateOf(document: Expression, around: Omit<Place, 'nestedScope'>): Template {
  const place: Place = { ...around, nestedScope: defaultScope(document) };
  const found: TemplateParts = { vaults: [], calls: [], changed: [], unfollowed: [] };
  readResources(valueOf(document, 'resources'), { ...outermost, place, locate: place.locate, found });
  return {
    ...emptyTemplate,
    parameters: new Map(entriesOf(valueOf(document, 'parameters')).map(parameterOf)),
    values: new Map(
      withCopies(entriesOf(valueOf(document, 'variables'))).map(({ key = '', value }) => [
        key.toLowerCase(),
        value,
      ]),
    ),
    ...found,
    outputs: new Map(entriesOf(valueOf(document, 'outputs')).flatMap(outputOf)),
    folder: place.folder,
  };
}

/** The parts of a template that its resources are read into. */
type TemplateParts = {
  readonly [Part in 'vaults' | 'calls' | 'changed' | 'unfollowed']: Template[Part][number][];
};

interface ResourceContext extends ResourcePlace {
  readonly place: Place;
  readonly found: TemplateParts;
}

const outermost = {
  subscription: undefined,
  resourceGroup: undefined,
  conditions: [],
  loop: undefined,
  prefix: '',
};

function entriesOf(object: Expression | undefined): readonly Entry[] {
  return object?.kind === 'object' ? object.entries : [];
}

function parameterOf({ key = '', value }: Entry): readonly [string, Parameter] {
  const allowed = optional('allowed', valueOf(value, 'allowedValues'));
  const nullable = valueOf(value, 'nullable');
  const isNullable = nullable?.kind === 'literal' && nullable.value === true;
  const standard = optional('default', valueOf(value, 'defaultValue'));
  return [key.toLowerCase(), { isNullable, ...standard, ...allowed }];
}

function outputOf({ key = '', value }: Entry): readonly (readonly [string, Expression])[] {
  const output = valueOf(value, 'value');
  return output === undefined ? [] : [[key, output]];
}

/** Resources are a list, or since language version 2.0 an object of symbolic names. */
function readResources(resources: Expression | undefined, reading: ResourceContext): void {
  if (resources?.kind === 'array')
    for (const [index, resource] of resources.items.entries())
      readResource(resource, `resources[${index}]`, reading);
  for (const { key = '', value } of entriesOf(resources)) readResource(value, key, reading);
}

function readResource(resource: Expression, symbol: string, reading: ResourceContext): void {
  const type = valueOf(resource, 'type');
  const existing = valueOf(resource, 'existing');
  if (existing?.kind === 'literal' && existing.value === true) return;
  const { found } = reading;
  const written = textOf(type);
  // One that is computed may be anything.
  if (written === undefined || /(?:^|\/)accessPolicies$/i.test(written))
    found.changed.push('properties.accessPolicies');
  if (isDeployment(resource)) return readDeployment(resource, symbol, reading);
  if (resource.kind === 'object') found.vaults.push(...vaultsIn(resource, symbol, reading));
  // What is nested in a vault has its type without that of the vault.
  readResources(valueOf(resource, 'resources'), { ...reading, prefix: `${reading.prefix}${symbol}/` });
}

function readDeployment(deployment: Expression, symbol: string, reading: ResourceContext): void {
  const { place, found } = reading;
  const properties = valueOf(deployment, 'properties');
  const inner = valueOf(properties, 'template');
  const subscription = valueOf(deployment, 'subscriptionId') ?? reading.subscription;
  const resourceGroup = valueOf(deployment, 'resourceGroup') ?? reading.resourceGroup;
  const conditions = [...reading.conditions, ...conditionOf(deployment)];
  const scope =
    textOf(valueOf(valueOf(properties, 'expressionEvaluationOptions'), 'scope')) ?? place.nestedScope;
  const loop = copyOf(deployment) ?? reading.loop;
  const name = (symbol.startsWith('resources[') && textOf(valueOf(deployment, 'name'))) || symbol;
  const prefix = `${reading.prefix}${name}/`;
  // One that is computed is as unknown as one that is elsewhere.
  const isWritten = inner?.kind === 'object';
  if (isWritten && scope.toLowerCase() !== 'inner') {
    // Evaluated in the scope of the outer template: its resources are the outer template's.
    const entered = { ...reading, subscription, resourceGroup, conditions, loop, prefix };
    return readResources(valueOf(inner, 'resources'), entered);
  }
  const parameters = valueOf(properties, 'parameters');
  const link = textOf(valueOf(valueOf(properties, 'templateLink'), 'relativePath'));
  const target = inner === undefined ? linked(link, place) : isWritten ? templateOf(inner, place) : undefined;
  const at = place.locate(deployment.kind === 'object' ? (deployment.at ?? 0) : 0);
  if (target === undefined) return void found.unfollowed.push({ at, target: linkText(properties) ?? name });
  found.calls.push({
    target,
    arguments: passedArguments(parameters, place),
    hasUnreadArguments:
      valueOf(properties, 'parametersLink') !== undefined ||
      (parameters !== undefined && !isReadWhole(parameters)),
    ...optional('subscription', subscription),
    ...optional('resourceGroup', resourceGroup),
    ...optional('condition', jointCondition(conditions)),
    ...optional('loop', loop),
    symbol: `${reading.prefix}${name}`,
    at,
  });
}

/** The address or the template spec that a deployment links to, as far as it is written. */
function linkText(properties: Expression | undefined): string | undefined {
  const link = valueOf(properties, 'templateLink');
  return textOf(valueOf(link, 'uri')) ?? textOf(valueOf(link, 'id'));
}

function linked(path: string | undefined, { folder }: Place): string | undefined {
  return path === undefined ? undefined : resolvePath(folder, path);
}

/** True where the name of each argument is written; ARM also takes an expression for all of them. */
function isReadWhole(parameters: Expression): boolean {
  return parameters.kind === 'object' && parameters.entries.every(({ key }) => key !== undefined);
}
