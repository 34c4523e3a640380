import { folderOf, resolvePath } from '../checkout/source-path.ts';
import { type Locate, locator, type SourceText } from '../checkout/source-text.ts';
import { type Entry, type Expression, type Loop, textOf, valueOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import { argumentsOf, objectProperties } from '../programs/object-properties.ts';
import {
  emptyTemplate,
  type ModuleCall,
  type Parameter,
  type Template,
  type VaultBlock,
  type LocatedValue,
} from '../programs/template.ts';
import { vaultTypeOf } from '../vault-type.ts';

/** Reads an ARM template that `readJson` has read: its own resources, and the deployments inside it. */
export function readArmTemplate(source: SourceText, document: Expression): Template {
  return templateOf(document, { locate: locator(source), folder: folderOf(source.path), depth: 0 });
}

interface Place {
  readonly locate: Locate;
  readonly folder: string;
  readonly depth: number;
}

function templateOf(document: Expression, place: Place): Template {
  const found: TemplateParts = { vaults: [], calls: [] };
  readResources(valueOf(document, 'resources'), {
    place,
    subscription: undefined,
    resourceGroup: undefined,
    found,
  });
  return {
    ...emptyTemplate,
    parameters: new Map(entriesOf(valueOf(document, 'parameters')).map(parameterOf)),
    values: new Map(
      entriesOf(valueOf(document, 'variables')).map(({ key = '', value }) => [key.toLowerCase(), value]),
    ),
    ...found,
    outputs: new Map(entriesOf(valueOf(document, 'outputs')).flatMap(outputOf)),
    folder: place.folder,
  };
}

interface TemplateParts {
  readonly vaults: VaultBlock[];
  readonly calls: ModuleCall[];
}

interface ResourceContext {
  readonly place: Place;
  readonly subscription: Expression | undefined;
  readonly resourceGroup: Expression | undefined;
  readonly found: TemplateParts;
}

function entriesOf(object: Expression | undefined): readonly Entry[] {
  return object?.kind === 'object' ? object.entries : [];
}

function parameterOf({ key = '', value }: Entry): readonly [string, Parameter] {
  const allowed = optional('allowed', valueOf(value, 'allowedValues'));
  return [key.toLowerCase(), { ...optional('default', valueOf(value, 'defaultValue')), ...allowed }];
}

function outputOf({ key = '', value }: Entry): readonly (readonly [string, Expression])[] {
  const output = valueOf(value, 'value');
  return output === undefined ? [] : [[key, output]];
}

/** Resources are a list, or since language version 2.0 an object of symbolic names. */
function readResources(resources: Expression | undefined, reading: ResourceContext): void {
  const listed =
    resources?.kind === 'array' ? resources.items : entriesOf(resources).map(({ value }) => value);
  for (const resource of listed) readResource(resource, reading);
}

function readResource(resource: Expression, reading: ResourceContext): void {
  const type = textOf(valueOf(resource, 'type')) ?? '';
  const existing = valueOf(resource, 'existing');
  if (existing?.kind === 'literal' && existing.value === true) return;
  if (type.toLowerCase() === 'microsoft.resources/deployments') return readDeployment(resource, reading);
  const vaultType = vaultTypeOf(type);
  const { place, subscription, resourceGroup, found } = reading;
  if (vaultType === undefined || resource.kind !== 'object') return;
  found.vaults.push({
    type: vaultType,
    at: place.locate(resource.at ?? 0),
    ...optional('name', valueOf(resource, 'name')),
    ...optional('location', valueOf(resource, 'location')),
    ...optional('tags', valueOf(resource, 'tags')),
    ...optional('subscription', subscription),
    ...optional('resourceGroup', resourceGroup),
    ...optional('loop', copyOf(resource)),
    ...optional('condition', valueOf(resource, 'condition')),
    properties: objectProperties(valueOf(resource, 'properties'), place.locate),
  });
}

function copyOf(resource: Expression): Loop | undefined {
  const over = valueOf(valueOf(resource, 'copy'), 'count');
  return over === undefined ? undefined : { over, valueName: 'copyIndex()', keyedByItem: false };
}

function readDeployment(deployment: Expression, reading: ResourceContext): void {
  const { place, found } = reading;
  const properties = valueOf(deployment, 'properties');
  const inner = valueOf(properties, 'template');
  const subscription = valueOf(deployment, 'subscriptionId') ?? reading.subscription;
  const group = valueOf(deployment, 'resourceGroup') ?? reading.resourceGroup;
  const condition = valueOf(deployment, 'condition');
  const scope = textOf(valueOf(valueOf(properties, 'expressionEvaluationOptions'), 'scope'));
  const loop = copyOf(deployment);
  if (condition?.kind === 'literal' && condition.value === false) return;
  if (inner !== undefined && scope?.toLowerCase() !== 'inner' && loop === undefined) {
    // Evaluated in the scope of the outer template: its resources are the outer template's.
    return readResources(valueOf(inner, 'resources'), { place, subscription, resourceGroup: group, found });
  }
  const parameters = valueOf(properties, 'parameters');
  const link = textOf(valueOf(valueOf(properties, 'templateLink'), 'relativePath'));
  const target = inner === undefined ? linked(link, place) : templateOf(inner, place);
  if (target === undefined) return;
  found.calls.push({
    target,
    arguments: passedArguments(parameters, place),
    hasUnreadArguments:
      valueOf(properties, 'parametersLink') !== undefined ||
      (parameters !== undefined && !isReadWhole(parameters)),
    ...optional('subscription', subscription),
    ...optional('resourceGroup', group),
    ...optional('condition', condition),
    ...optional('loop', loop),
  });
}

function linked(path: string | undefined, { folder }: Place): string | undefined {
  return path === undefined ? undefined : resolvePath(folder, path);
}

/** True where the name of each argument is written; ARM also takes an expression for all of them. */
function isReadWhole(parameters: Expression): boolean {
  return parameters.kind === 'object' && parameters.entries.every(({ key }) => key !== undefined);
}

/**
 * `{ "name": { "value": … } }`, located at the name. An argument without a value is given nonetheless: a reference to a
 * secret, or an expression for both.
 */
export function passedArguments(
  parameters: Expression | undefined,
  place: Pick<Place, 'locate'>,
): ReadonlyMap<string, LocatedValue> {
  const given = new Map<string, LocatedValue>();
  for (const [name, { at, value }] of argumentsOf(parameters, place.locate)) {
    given.set(name, { at, value: valueOf(value, 'value') ?? notWritten });
  }
  return given;
}

/** A value that is decided elsewhere. */
const notWritten: Expression = { kind: 'call', name: 'elsewhere()', arguments: [] };
