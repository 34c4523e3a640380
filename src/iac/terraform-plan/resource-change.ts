import { type Entry, type Expression, opaque, textOf, valueOf } from '../languages/expression.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import { withChangedNames } from '../terraform/arm-body.ts';
import { isDeploymentResource, vaultTypeOf } from '../vault-type.ts';

/** A managed resource that a plan creates, changes or leaves as it is. */
export interface ResourceChange {
  /** Offset of its object in the file. */
  readonly at: number;
  /** `module.kv["a"].azurerm_key_vault.main[0]`. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
  /** The attributes as they will be. */
  readonly after: readonly Entry[];
  /** Those that it has, where it is there already. */
  readonly before: Expression | undefined;
}

/** The mistake that keeps an element of `resource_changes` from being read, in words; `undefined` for none. */
export function changeMistake(element: Expression): string | undefined {
  if (element.kind !== 'object') return 'a change of a resource must be an object';
  const missing = ['address', 'type', 'name', 'mode'].find(
    (key) => textOf(valueOf(element, key)) === undefined,
  );
  if (missing !== undefined) return `a change of a resource has no ${missing} that is text`;
  const change = valueOf(element, 'change');
  if (change?.kind !== 'object') return 'a change of a resource has no object change';
  const type = textOf(valueOf(element, 'type')) ?? '';
  return isVaultResource(type, undefined) || type === 'azapi_resource' ? vaultMistake(change) : undefined;
}

function vaultMistake(change: Expression): string | undefined {
  const actions = valueOf(change, 'actions');
  if (actions?.kind !== 'array' || actions.items.length === 0)
    return 'the actions of a change must be a list';
  if (!actions.items.every((action) => knownActions.has(textOf(action) ?? '')))
    return `the actions of a change are not known here, only ${[...knownActions].join(', ')} are`;
  const after = valueOf(change, 'after');
  if (after?.kind !== 'object' && (remains({ actions: textsOf(actions) }) || !isNothing(after)))
    return 'after must be an object';
  const mark = ['after_unknown', 'after_sensitive'].find((key) => !isMark(valueOf(change, key)));
  return mark && `${mark} must be an object, true or false`;
}

/** Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation */
const knownActions: ReadonlySet<string> = new Set(['no-op', 'create', 'read', 'update', 'delete', 'forget']);

function isNothing(value: Expression | undefined): boolean {
  return value === undefined || (value.kind === 'literal' && value.value === null);
}

function isMark(value: Expression | undefined): boolean {
  if (value === undefined || value.kind === 'object') return true;
  return value.kind === 'literal' && (typeof value.value === 'boolean' || value.value === null);
}

/** Reads an element of `resource_changes`; `undefined` for a data source, and for one that lacks what a change has. */
export function resourceChange(element: Expression): ResourceChange | undefined {
  const [address, type, name, mode] = ['address', 'type', 'name', 'mode'].map((key) =>
    textOf(valueOf(element, key)),
  );
  const change = valueOf(element, 'change');
  const actions = textsOf(valueOf(change, 'actions'));
  if (element.kind !== 'object' || mode === 'data' || change === undefined) return undefined;
  if (address === undefined || type === undefined || name === undefined) return undefined;
  // What was created in its place has the same address.
  if (valueOf(element, 'deposed') !== undefined) return undefined;
  const [after, before] = ['after', 'before'].map((key) => valueOf(change, key));
  const marks = { unknown: valueOf(change, 'after_unknown'), sensitive: valueOf(change, 'after_sensitive') };
  const planned = after?.kind === 'object' ? plannedEntries(after.entries, marks) : [];
  return {
    at: element.at ?? 0,
    address,
    type,
    name,
    actions,
    after: before?.kind === 'object' ? withChangedNames(planned, before) : planned,
    before: before?.kind === 'object' ? before : undefined,
  };
}

/** True where the resource is there after the plan, and managed by it. */
export function remains({ actions }: Pick<ResourceChange, 'actions'>): boolean {
  return actions.some((action) => ['create', 'update', 'no-op'].includes(action));
}

const vaultResources: ReadonlySet<string> = new Set(
  resourceTypes.flatMap(({ terraform }) => terraform?.resource ?? []),
);

/** True for a vault or a managed HSM, or what may be one: azapi's only say in their attributes what they are, or not before apply. */
export function isVaultChange({ type, after }: Pick<ResourceChange, 'type' | 'after'>): boolean {
  if (vaultResources.has(type)) return true;
  const [written, method] = ['type', 'method'].map((name) => after.find(({ key }) => key === name)?.value);
  const isPut = type === 'azapi_resource_action' && textOf(method) === 'PUT';
  const mayBeVault = written === opaque || vaultTypeOf(textOf(written) ?? '') !== undefined;
  return (type === 'azapi_resource' || isPut) && mayBeVault;
}

/** The same for a resource of the state or the configuration, whose attributes are objects, and for one that deploys a template. */
export function isVaultResource(type: string, apiType: string | undefined): boolean {
  if (vaultResources.has(type) || isDeploymentResource(type, apiType)) return true;
  return type === 'azapi_resource' && vaultTypeOf(apiType ?? '') !== undefined;
}

function textsOf(list: Expression | undefined): readonly string[] {
  return list?.kind === 'array' ? list.items.flatMap((item) => textOf(item) ?? []) : [];
}

/** The marks beside a value: where it is not known yet, and where it is a secret. */
type PlanMarks = Readonly<Record<'unknown' | 'sensitive', Expression | undefined>>;

/**
 * A value of a plan. What is only known after apply, and what is sensitive, is opaque: Terraform writes null for the one, and
 * the other in clear. Source: https://developer.hashicorp.com/terraform/internals/json-format
 */
function plannedValue(value: Expression | undefined, marks: PlanMarks): Expression {
  if (isTrue(marks.unknown) || isTrue(marks.sensitive)) return opaque;
  if (value?.kind === 'object') return { ...value, entries: plannedEntries(value.entries, marks) };
  if (value?.kind === 'array') return plannedList(value.items, marks);
  // Instead of a value there may be parts of one.
  return holdsTrue(marks.unknown) || holdsTrue(marks.sensitive)
    ? opaque
    : (value ?? { kind: 'literal', value: null });
}

/** The members of an object, with those that only the marks name. */
function plannedEntries(entries: readonly Entry[], marks: PlanMarks): readonly Entry[] {
  const written = entries.map(({ key = '', at, value }): Entry => {
    return { key, at, value: plannedValue(value, marksBelow(marks, key)) };
  });
  const names = new Set(entries.map(({ key }) => key));
  const unknown = marks.unknown?.kind === 'object' ? marks.unknown.entries : [];
  const others = unknown
    .filter(({ key, value }) => !names.has(key) && holdsTrue(value))
    .map(({ key = '', at }): Entry => ({ key, at, value: opaque }));
  return [...written, ...others];
}

function plannedList(items: readonly Expression[], marks: PlanMarks): Expression {
  const [unknown, sensitive] = [marks.unknown, marks.sensitive].map((mark) =>
    mark?.kind === 'array' ? mark.items : [],
  );
  const length = Math.max(items.length, unknown?.length ?? 0);
  return {
    kind: 'array',
    items: Array.from({ length }, (_, index) =>
      plannedValue(items[index], { unknown: unknown?.[index], sensitive: sensitive?.[index] }),
    ),
  };
}

/** The marks of a part: what marks the whole marks each part. */
function marksBelow({ unknown, sensitive }: PlanMarks, key: string): PlanMarks {
  const [below, hidden] = [unknown, sensitive].map((mark) => (isTrue(mark) ? mark : valueOf(mark, key)));
  return { unknown: below, sensitive: hidden };
}

function isTrue(mark: Expression | undefined): boolean {
  return mark?.kind === 'literal' && mark.value === true;
}

function holdsTrue(mark: Expression | undefined): boolean {
  if (mark?.kind === 'object') return mark.entries.some(({ value }) => holdsTrue(value));
  return mark?.kind === 'array' ? mark.items.some(holdsTrue) : isTrue(mark);
}
