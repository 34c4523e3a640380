import { isJsonObject, type Json } from '../../model/json.ts';

/** What a part of a vault must be where it is there at all: text, a list of one form, or named parts. */
type Form =
  | { readonly kind: 'text' }
  | { readonly kind: 'list'; readonly of: Form }
  | { readonly kind: 'parts'; readonly parts: Readonly<Record<string, Form>> };

const texts: Form = { kind: 'list', of: { kind: 'text' } };
const objects: Form = { kind: 'list', of: { kind: 'parts', parts: {} } };
const permissions = { keys: texts, secrets: texts, certificates: texts, storage: texts };

/** The properties of a vault that rules count elements of: in any other form they would read as empty. */
const forms: Readonly<Record<string, Form>> = {
  accessPolicies: {
    kind: 'list',
    of: { kind: 'parts', parts: { permissions: { kind: 'parts', parts: permissions } } },
  },
  networkAcls: { kind: 'parts', parts: { ipRules: objects, virtualNetworkRules: objects } },
  privateEndpointConnections: objects,
};

/** Paths of the properties whose lists are no lists, or hold what Azure never puts there. */
export function findMalformed(properties: Json | undefined): readonly string[] {
  if (!isJsonObject(properties)) return [];
  return Object.entries(forms)
    .filter(([name, form]) => !isAbsent(properties[name]) && !fits(properties[name], form))
    .map(([name]) => `properties.${name}`);
}

function fits(value: Json | undefined, form: Form): boolean {
  if (form.kind === 'text') return typeof value === 'string';
  if (form.kind === 'list')
    return Array.isArray(value) && value.every((element: Json) => fits(element, form.of));
  return (
    isJsonObject(value) &&
    Object.entries(form.parts).every(([name, part]) => isAbsent(value[name]) || fits(value[name], part))
  );
}

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null;
}
