import type { Location } from '../../model/location.ts';
import { folderOf, resolvePath } from '../checkout/source-path.ts';
import { type Locate, locator, type SourceText } from '../checkout/source-text.ts';
import { type Entry, type Expression, opaque, textOf, valueOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import { emptyTemplate, type ModuleCall, type Template } from '../programs/template.ts';
import { mayHoldPolicies, templateDataIn } from '../programs/template-data.ts';
import { deploysTemplate } from '../vault-type.ts';
import { isReadWhole, linkText, outputOf, parameterOf, passedArguments } from './arguments.ts';
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

/** Reads an ARM template that has no file: all of it is located at one place. */
export function readTemplateAt(document: Expression, at: Location): Template {
  return templateOf(document, { locate: () => at, folder: undefined });
}

interface Place {
  readonly locate: Locate;
  /** The folder that a link begins at. */
  readonly folder: string | undefined;
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
    folder: place.folder ?? '',
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

/** Resources are a list, or since language version 2.0 an object of symbolic names. */
function readResources(resources: Expression | undefined, reading: ResourceContext): void {
  if (resources?.kind === 'array')
    for (const [index, resource] of resources.items.entries())
      readResource(resource, `resources[${index}]`, reading);
  else if (resources !== undefined && resources.kind !== 'object' && resources.kind !== 'literal')
    return readResource(resources, 'resources', reading);
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
  if (deploysTemplate(written ?? '')) return readStack(resource, symbol, reading);
  found.vaults.push(...vaultsIn(resource, symbol, reading));
  // What is nested in a vault has its type without that of the vault.
  readResources(valueOf(resource, 'resources'), { ...reading, prefix: `${reading.prefix}${symbol}/` });
}

function readDeployment(deployment: Expression, symbol: string, reading: ResourceContext): void {
  const { place, found } = reading;
  const properties = valueOf(deployment, 'properties');
  const inner = valueOf(properties, 'template');
  const { subscription, resourceGroup, conditions, loop } = surroundings(deployment, reading);
  const scope =
    textOf(valueOf(valueOf(properties, 'expressionEvaluationOptions'), 'scope')) ?? place.nestedScope;
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
  const at = placeIn(deployment, place);
  if (target === undefined)
    return void found.unfollowed.push({ at, target: linkText(properties), symbol: name });
  found.calls.push({
    ...callBy(deployment, name, reading),
    target,
    arguments: passedArguments(parameters, place),
    hasUnreadArguments:
      valueOf(properties, 'parametersLink') !== undefined ||
      (parameters !== undefined && !isReadWhole(parameters)),
  });
}

function placeIn(resource: Expression, { locate }: Place): Location {
  return locate(resource.kind === 'object' ? (resource.at ?? 0) : 0);
}

/** The call by a resource, but for what it calls. */
function callBy(resource: Expression, name: string, reading: ResourceContext): Omit<ModuleCall, 'target'> {
  const { subscription, resourceGroup, conditions, loop } = surroundings(resource, reading);
  return {
    arguments: new Map(),
    ...optional('subscription', subscription),
    ...optional('resourceGroup', resourceGroup),
    ...optional('condition', jointCondition(conditions)),
    ...optional('loop', loop),
    symbol: `${reading.prefix}${name}`,
    at: placeIn(resource, reading.place),
  };
}

/** The facts that a deployment sets for the resources in it. */
function surroundings(
  deployment: Expression,
  reading: ResourceContext,
): Pick<ResourceContext, 'subscription' | 'resourceGroup' | 'conditions' | 'loop'> {
  return {
    subscription: valueOf(deployment, 'subscriptionId') ?? reading.subscription,
    resourceGroup: valueOf(deployment, 'resourceGroup') ?? reading.resourceGroup,
    conditions: [...reading.conditions, ...conditionOf(deployment)],
    loop: copyOf(deployment) ?? reading.loop,
  };
}

/** A deployment stack has a template that is a value: what is written `[[…]` in it is an expression of that template. */
function readStack(stack: Expression, symbol: string, reading: ResourceContext): void {
  const properties = valueOf(stack, 'properties') ?? opaque;
  if (mayHoldPolicies(properties)) reading.found.changed.push('properties.accessPolicies');
  reading.found.calls.push({ ...callBy(stack, symbol, reading), target: templateDataIn(properties) });
}

function linked(path: string | undefined, { folder }: Place): string | undefined {
  return path === undefined || folder === undefined ? undefined : resolvePath(folder, path);
}
