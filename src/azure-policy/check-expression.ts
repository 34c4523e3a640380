import { nearest } from '../documents/suggestions.ts';
import type { JsonPath } from '../model/json.ts';
import { parameterMeant, readTemplate } from '../rules/condition/template.ts';
import { arities, functionNames } from '../rules/expression/functions.ts';
import {
  type Call,
  callsIn,
  type PolicyExpression,
  parsePolicyExpression,
} from '../rules/expression/parse.ts';
import type { ConditionReader, CountAround } from './condition-reader.ts';

/** Functions of Azure Policy that are not worked out here, each with the reason. */
const notWorkedOut: ReadonlyMap<string, string> = new Map([
  ...reasoned('which depends on when it is evaluated', 'utcnow adddays'),
  ...reasoned('which is known to Azure Policy alone', 'policy'),
  ...reasoned(
    'which purgeproof does not work out',
    'base64 base64tojson base64tostring datauri datauritostring format guid items range uniquestring uri uricomponent ' +
      'uricomponenttostring shallowmerge filter map reduce sort lambda lambdavariables toobject objectkeys indexfromend trygetindexfromend parsecidr cidrsubnet cidrhost',
  ),
]);

/** Functions of ARM templates that Azure refuses in a policy rule. Source: learn.microsoft.com, "policy functions". */
const refused: ReadonlySet<string> = new Set(
  (
    'copyindex datetimeadd datetimefromepoch datetimetoepoch deployment environment extensionresourceid listaccountsas listkeys ' +
    'listsecrets managementgroup newguid pickzones providers reference resourceid subscriptionresourceid tenantresourceid ' +
    'tenant variables'
  ).split(' '),
);

function reasoned(reason: string, names: string): readonly (readonly [string, string])[] {
  return names.split(' ').map((name) => [name, reason]);
}

/** Checks a text of a condition: it may be an expression, or be meant as one. */
export function checkText(text: string, site: TextPlace, reader: ConditionReader): void {
  const template = readTemplate(text);
  const meant = parameterMeant(text);
  if ('literal' in template) {
    if (meant !== undefined)
      reader.mistake(site.path, `an expression stands in brackets: "[parameters('${meant}')]"`);
    return;
  }
  const parsed = parsePolicyExpression(text.slice(1, -1));
  if ('fault' in parsed)
    return reader.mistake(site.path, `the expression ${shortened(text)}: ${parsed.fault}`);
  for (const call of callsIn(parsed.expression)) checkCall(call, site, reader);
  checkMembers(parsed.expression, reader);
}

/** The place of a text, and the counts around it. */
interface TextPlace {
  readonly path: JsonPath;
  readonly counts: readonly CountAround[];
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function checkCall(call: Call, site: TextPlace, reader: ConditionReader): void {
  const { name, written, args } = call;
  const reason = notWorkedOut.get(name);
  if (reason !== undefined) return reader.notEvaluated(`It calls ${written}(), ${reason}.`);
  if (refused.has(name))
    return reader.mistake(site.path, `Azure Policy does not allow ${written}() in a policy rule`);
  const takes = arities.get(name);
  if (takes === undefined) {
    const near = nearest(written, ['addDays', ...functionNames]);
    const hint = near === undefined ? '' : `. Did you mean ${near}?`;
    return reader.mistake(site.path, `there is no function ${written}()${hint}`);
  }
  const { least, most } = takes;
  if (args.length < least || args.length > most) {
    const wanted =
      least === most ? `${least}` : most === Infinity ? `${least} or more` : `${least} to ${most}`;
    const noun = wanted === '1' ? 'argument' : 'arguments';
    return reader.mistake(site.path, `${written}() takes ${wanted} ${noun}, and has ${args.length}`);
  }
  checkNamed(call, site, reader);
}

/** Checks what a call names: a parameter, a field, or a count around it. */
function checkNamed({ name, args: [first] }: Call, site: TextPlace, reader: ConditionReader): void {
  const named = first?.kind === 'literal' ? String(first.value) : undefined;
  if (name === 'parameters' && named !== undefined) reader.usesParameter(named, site.path);
  if (name === 'field' && named !== undefined) reader.readsField(named, site.path);
  if (name !== 'current') return;
  const { counts, path } = site;
  if (counts.length === 0)
    return reader.mistake(path, 'current() stands for an element, and there is no count around it');
  if (first === undefined && counts.length > 1)
    return reader.mistake(path, 'several counts are around current(); name the one that is meant');
  if (named === undefined) return;
  const meant = counts.find((count) => isMeant(count, named));
  if (meant?.kind === 'field') return reader.readsField(named, path);
  if (meant !== undefined) return;
  const known = counts.map((count) => `'${count.name}'`).join(' or ');
  reader.mistake(path, `no count around current('${named}') has that name; there is ${known}`);
}

function isMeant({ kind, name }: CountAround, named: string): boolean {
  const [known, written] = [name.toLowerCase(), named.toLowerCase()];
  return known === written || (kind === 'field' && written.startsWith(known));
}

/** The members of what Azure knows about a request and a scope, as far as a scan knows them. */
const knownMembers: ReadonlyMap<string, string> = new Map([
  ['requestcontext', 'apiversion'],
  ['resourcegroup', 'name'],
  ['subscription', 'subscriptionid'],
]);

function checkMembers(expression: PolicyExpression, reader: ConditionReader, member?: string): void {
  if (expression.kind === 'literal') return;
  if (expression.kind === 'member') {
    const { of, key } = expression;
    checkMembers(of, reader, key.kind === 'literal' ? String(key.value) : '');
    return checkMembers(key, reader);
  }
  const known = knownMembers.get(expression.name);
  if (known !== undefined && member?.toLowerCase() !== known) {
    const what = `${expression.written}()${member === undefined || member === '' ? '' : `.${member}`}`;
    reader.notEvaluated(`It reads ${what}, which a scan does not know.`);
  }
  for (const arg of expression.args) checkMembers(arg, reader);
}
