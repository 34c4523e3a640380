import { type Expression, textOf, valueOf, opaque } from '../languages/expression.ts';
import { baseName, folderOf } from '../checkout/source-path.ts';
import { locator, type SourceText } from '../checkout/source-text.ts';
import { emptyTemplate, type ParameterFile } from '../programs/template.ts';
import { passedArguments } from './arguments.ts';
import { readArmText } from './expression.ts';
import { deploysTemplate } from '../vault-type.ts';

/** True for an ARM template, by its schema, or by what it holds where it names none. */
export function isDeploymentTemplate(document: Expression): boolean {
  if (isTemplateSchema(textOf(valueOf(document, '$schema')))) return true;
  return valueOf(document, 'resources') !== undefined && valueOf(document, 'contentVersion') !== undefined;
}

/** True for the `$schema` of a template, at any scope. */
function isTemplateSchema(schema: string | undefined): boolean {
  return /deploymenttemplate\.json/i.test(schema ?? '');
}

/** A template inside another document, and what that gives its parameters. */
interface EmbeddedTemplate {
  readonly template: Expression;
  readonly parameters: Expression | undefined;
}

/**
 * The templates inside a document that is not itself a template, or in resources of one: artifacts of Azure Blueprints,
 * template specs, deployment stacks, policies that deploy. NestedTemplate deployments are part of their template.
 */
export function* embeddedTemplates(document: Expression): Generator<EmbeddedTemplate> {
  const isEscaped = isTemplate(document);
  const open: Expression[] = [document];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === 'array') open.push(...next.items);
    if (next.kind !== 'object') continue;
    const nested = isEscaped ? nestedTemplate(next) : undefined;
    for (const { value } of next.entries) {
      if (value === nested?.properties) open.push(...innerOf(nested));
      else if (value !== document && isTemplate(value)) {
        const parameters = valueOf(next, 'parameters');
        yield { template: isEscaped ? unescaped(value) : value, parameters };
      } else open.push(value);
    }
  }
}

function isTemplate(value: Expression): boolean {
  return isTemplateSchema(textOf(valueOf(value, '$schema'))) && valueOf(value, 'resources') !== undefined;
}

interface NestedTemplate {
  readonly properties: Expression;
  readonly template: Expression;
}

/** A deployment inside a template belongs to it; what is embedded in that is found all the same. */
function nestedTemplate(resource: Expression): NestedTemplate | undefined {
  if (!deploysTemplate(textOf(valueOf(resource, 'type')) ?? '')) return undefined;
  const properties = valueOf(resource, 'properties');
  const template = valueOf(properties, 'template');
  return properties === undefined || template === undefined ? undefined : { properties, template };
}

function innerOf({ template }: NestedTemplate): readonly Expression[] {
  return template.kind === 'object' ? template.entries.map(({ value }) => value) : [];
}

/** In a resource of a template an expression of the inner one is written `[[…]`, so that the outer leaves it alone. */
function unescaped(expression: Expression): Expression {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' ? readArmText(expression.value) : expression;
    case 'array':
      return { ...expression, items: expression.items.map(unescaped) };
    case 'object':
      return {
        ...expression,
        entries: expression.entries.map((entry) => ({ ...entry, value: unescaped(entry.value) })),
      };
    default:
      return expression;
  }
}

/** Reads the values that `{ "name": { "value": … } }` gives the parameters of the template of a key. */
export function givenParameters(
  template: string,
  source: SourceText,
  parameters: Expression | undefined,
): ParameterFile {
  const written = parameters === undefined ? undefined : withPlaceholders(parameters);
  const given = passedArguments(written, { locate: locator(source) });
  return { file: source.path, template, arguments: given, context: emptyTemplate };
}

/**
 * The key of the template that an ARM parameter file is for. `azuredeploy.prod.parameters.json` is for `azuredeploy.json`
 * or `azuredeploy.bicep` next to it or in the folder above; a name that fits none is for the only one there. `templates`
 * are the keys of the templates by paths of files.
 */
export function templateFor(path: string, templates: ReadonlyMap<string, string>): string | undefined {
  const folder = folderOf(path);
  const paths = [...templates.keys()].filter((template) => !template.includes('#'));
  const beside = paths.filter((template) => folderOf(template) === folder);
  const above = paths.filter((template) => folderOf(template) === folderOf(folder) && folder !== '');
  const named = longestStem(path, beside) ?? longestStem(path, above);
  if (named !== undefined) return templates.get(named);
  const keys = new Set((beside.length === 0 ? above : beside).map((template) => templates.get(template)));
  return keys.size === 1 ? [...keys][0] : undefined;
}

/** The template whose name, without its ending, the file's name begins with. */
function longestStem(path: string, templates: readonly string[]): string | undefined {
  const name = baseName(path).toLowerCase();
  const fitting = templates.filter((template) => name.startsWith(`${stemOf(template)}.`));
  return fitting.toSorted((one, other) => stemOf(other).length - stemOf(one).length)[0];
}

function stemOf(template: string): string {
  return baseName(template)
    .toLowerCase()
    .replace(/\.(?:jsonc?|bicep)$/, '');
}

/**
 * The placeholders that tools fill in before a parameter file is used: azd's `${NAME}` and `${NAME=default}`
 * (https://learn.microsoft.com/azure/developer/azure-developer-cli/manage-environment-variables), and the tokens that
 * pipelines replace: `$(name)`, `#{name}#`, `{{name}}`, `__name__`.
 */
const placeholder = /(\$\{[^{}]*\}|\$\([^()]*\)|#\{[^{}]*\}#?|\{\{[^{}]*\}\}|__[A-Za-z][\w.]*?__)/;

/** The expression with placeholders as something unknown; azd's may be their default. */
function withPlaceholders(expression: Expression): Expression {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' ? textWith(expression.value) : expression;
    case 'array':
      return { ...expression, items: expression.items.map(withPlaceholders) };
    case 'object': {
      const entries = expression.entries.map((entry) => ({ ...entry, value: withPlaceholders(entry.value) }));
      return { ...expression, entries };
    }
    default:
      return expression;
  }
}

function textWith(text: string): Expression {
  const pieces = text.split(placeholder);
  if (pieces.length === 1) return { kind: 'literal', value: text };
  const parts = pieces.map((piece, index): Expression =>
    index % 2 === 0 ? { kind: 'literal', value: piece } : filledIn(piece),
  );
  return { kind: 'template', parts };
}

function filledIn(piece: string): Expression {
  const standard = /^\$\{\w+=([^}]*)\}$/.exec(piece)?.[1];
  if (standard === undefined || standard === '') return opaque;
  return { kind: 'choice', options: [{ kind: 'literal', value: standard }, opaque] };
}
