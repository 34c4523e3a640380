import type { Problem } from '../../model/errors.ts';
import { locator, type SourceText } from '../checkout/source-text.ts';
import { type DocumentFault, firstFaults, entriesIn, repeatedMembers } from '../languages/document-faults.ts';
import { type Expression, textOf, valueOf } from '../languages/expression.ts';
import { readJson } from '../languages/read-json.ts';
import { changeMistake, isVaultResource } from './resource-change.ts';

/** Reads the JSON of a plan, as `terraform show -json` writes it. `undefined`, and a problem, for anything else. */
export function planDocument(source: SourceText, problems: Problem[]): Expression | undefined {
  const other = otherFormat(source.text);
  if (other !== undefined) return refuse(source, other, problems);
  const document = readJson(source, problems);
  if (document === undefined) return undefined;
  const mistake = mistakeIn(document);
  if (mistake !== undefined) return refuse(source, mistake, problems);
  const faults = firstFaults([...repeatedMembers(document, (key) => key), ...partFaults(document)]);
  for (const { at, message } of faults) problems.push({ ...locator(source)(at), message });
  return faults.length > 0 ? undefined : document;
}

function refuse(source: SourceText, message: string, problems: Problem[]): undefined {
  problems.push({ ...locator(source)(0), message });
}

/** Names another format of Terraform's, by how it begins. */
function otherFormat(text: string): string | undefined {
  if (text.startsWith('PK'))
    return 'this is a plan in the format of Terraform itself, which its show command writes as JSON';
  if (/^\s*\{"@level"/.test(text)) return 'this is the log of terraform plan -json, not the plan';
  if (/^\s*$/.test(text)) return 'the file is empty';
  if (/^\s*(?:Terraform|OpenTofu) (?:used|will)/m.test(text)) return 'this is a plan as text, not as JSON';
  return undefined;
}

function mistakeIn(document: Expression): string | undefined {
  if (document.kind !== 'object') return 'a plan is a JSON object';
  if (valueOf(document, 'lineage') !== undefined) return 'this is a state file, not a plan';
  const version = textOf(valueOf(document, 'format_version'));
  if (version === undefined) return 'this is not a plan: it has no format_version';
  if (!/^(?:0|1)\.\d+$/.test(version))
    return `the format_version ${JSON.stringify(version)} is not known here, only 0 and 1 are`;
  const isPlan = ['planned_values', 'resource_changes', 'configuration'].some(
    (name) => valueOf(document, name) !== undefined,
  );
  if (isPlan) return undefined;
  return valueOf(document, 'values') === undefined
    ? 'this is no plan: it holds nothing. The show command without a file writes the state'
    : 'this is a state, not a plan: the show command without the file of a plan writes it';
}

const parts: Readonly<Record<string, 'list' | 'object' | 'boolean'>> = {
  resource_changes: 'list',
  deferred_changes: 'list',
  resource_drift: 'list',
  planned_values: 'object',
  prior_state: 'object',
  configuration: 'object',
  errored: 'boolean',
  complete: 'boolean',
};

function* partFaults(document: Expression): Generator<DocumentFault> {
  for (const { key = '', at, value } of entriesIn(document)) {
    const kind = parts[key];
    if (kind === undefined || isNull(value)) continue;
    if (kindOf(value) !== kind)
      yield {
        at,
        message: `${key} must be ${kind === 'boolean' ? 'true or false' : kind === 'list' ? 'a list' : 'an object'}`,
      };
    else if (key === 'resource_changes' || key === 'deferred_changes')
      for (const element of itemsOf(value)) {
        const message = changeMistake(
          (key === 'deferred_changes' && valueOf(element, 'resource_change')) || element,
        );
        if (message !== undefined) yield { at: element.kind === 'object' ? (element.at ?? at) : at, message };
      }
  }
}

function kindOf(value: Expression): string {
  if (value.kind === 'literal') return typeof value.value;
  return value.kind === 'array' ? 'list' : value.kind;
}

function isTrue(value: Expression | undefined): boolean {
  return value?.kind === 'literal' && value.value === true;
}

function isNull(value: Expression): boolean {
  return value.kind === 'literal' && value.value === null;
}

/**
 * Addresses of vaults that a plan leaves out: those of the state before and after it, and those that the configuration declares once,
 * of which it says nothing. A plan with targets and one that only refreshes do; OpenTofu does not say that it was one.
 */
export function vaultsLeftOut(document: Expression, changed: ReadonlySet<string>): readonly string[] {
  const state = valueOf(valueOf(valueOf(document, 'prior_state'), 'values'), 'root_module');
  const planned = valueOf(valueOf(document, 'planned_values'), 'root_module');
  const configured = valueOf(valueOf(document, 'configuration'), 'root_module');
  const addresses = [...stateAddresses(state), ...stateAddresses(planned)];
  const instances = addresses.filter((address) => !changed.has(address));
  // Of a loop over nothing there is no change, and the configuration may not even show that it is one.
  if (changesAll(document)) return [...new Set(instances)];
  const told = new Set([...changed].map(withoutKeys));
  const resources = [...configuredAddresses(configured, '')].filter((address) => !told.has(address));
  return [...new Set([...instances, ...resources])];
}

/** True where Terraform says that the plan is complete. One that only refreshes says so as well, and has no changes. */
function changesAll(document: Expression): boolean {
  return isTrue(valueOf(document, 'complete')) && itemsOf(valueOf(document, 'resource_changes')).length > 0;
}

/** The address of a resource, of that of one of its instances: `module.kv.azurerm_key_vault.main` of `module.kv["a"].azurerm_key_vault.main[0]`. */
function withoutKeys(address: string): string {
  return address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '');
}

function* stateAddresses(module: Expression | undefined): Generator<string> {
  for (const resource of itemsOf(valueOf(module, 'resources'))) {
    const [address, type, mode] = ['address', 'type', 'mode'].map((key) => textOf(valueOf(resource, key)));
    const apiType = textOf(valueOf(valueOf(resource, 'values'), 'type'));
    if (mode === 'managed' && address !== undefined && isVaultResource(type ?? '', apiType)) yield address;
  }
  for (const child of itemsOf(valueOf(module, 'child_modules'))) yield* stateAddresses(child);
}

/**
 * Of what is declared for each of something, nobody can say without evaluating it how many there are. Terraform 1.11 and OpenTofu
 * 1.12 leave out that it is, where what is gone through refers to nothing and is no constant: `toset(["a", "b"])`.
 */
function* configuredAddresses(module: Expression | undefined, prefix: string): Generator<string> {
  for (const resource of itemsOf(valueOf(module, 'resources'))) {
    const [address, type, mode] = ['address', 'type', 'mode'].map((key) => textOf(valueOf(resource, key)));
    const apiType = textOf(valueOf(valueOf(valueOf(resource, 'expressions'), 'type'), 'constant_value'));
    if (mode !== 'managed' || address === undefined || isRepeated(resource)) continue;
    if (isVaultResource(type ?? '', apiType)) yield `${prefix}${address}`;
  }
  for (const { key = '', value } of entriesIn(valueOf(module, 'module_calls')))
    if (!isRepeated(value)) yield* configuredAddresses(valueOf(value, 'module'), `${prefix}module.${key}.`);
}

function isRepeated(declared: Expression): boolean {
  return ['count_expression', 'for_each_expression'].some((name) => valueOf(declared, name) !== undefined);
}

/** Names of azapi resources whose body has a part that no plan shows. */
export function withHiddenBody(document: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  const open = [valueOf(valueOf(document, 'configuration'), 'root_module')];
  for (const module of open) {
    for (const resource of itemsOf(valueOf(module, 'resources')))
      if (valueOf(valueOf(resource, 'expressions'), 'sensitive_body') !== undefined)
        names.add(textOf(valueOf(resource, 'name')) ?? '');
    for (const { value } of entriesIn(valueOf(module, 'module_calls'))) open.push(valueOf(value, 'module'));
  }
  return names;
}

function itemsOf(list: Expression | undefined): readonly Expression[] {
  return list?.kind === 'array' ? list.items : [];
}
