import { leastRole, type AzureCommand, operationsOf } from '../../src/access/operations.ts';
import { allWork, type Work } from '../../src/access/operations/blocks.ts';
import { searching } from '../../src/access/operations/commands.ts';
import { shippedRules } from '../../src/files/shipped-rules.ts';
import type { Operation } from '../../src/model/permission.ts';
import { policyRightsOf, rightsOf, roleJson } from '../../src/reporters/role.ts';
import { markdownTable } from './markdown-table.ts';

const work: Work = { ...allWork, rules: shippedRules };

/** The tables of docs/permissions.md by the names of their places in it: the same operations that the command prints. */
export function permissionTables(): ReadonlyMap<string, string> {
  const scan = operationsOf.scan(work);
  const included = { ...work, include: allWork.include.concat('deleted', 'objects') };
  const plan = operationsOf.plan(work);
  return new Map([
    ['scan', table(scan)],
    ['role of scan', codeOf(roleJson(leastRole({ ...asked, operations: scan })))],
    ['include', table(without(operationsOf.scan(included), scan))],
    ['include access', table(without(operationsOf.scan({ ...work, include: ['access'] }), scan))],
    ['azure exemptions', table(without(operationsOf.scan({ ...work, azureExemptions: true }), scan))],
    ['plan', table(without(plan, scan))],
    ['apply', table(operationsOf.apply(work))],
    ...commandTables('deleted list', 'deleted recover', 'deleted purge'),
    ...commandTables('deleted objects list', 'deleted objects recover', 'deleted objects purge'),
    ...commandTables('grants', 'kit'),
    ['search for dependants', table(searching(work).flatMap(oneByOne))],
  ]);
}

/** A block of JSON, with a list of one as the formatter would have it. */
function codeOf(json: string): string {
  return `\`\`\`json\n${json.replaceAll(/\[\n\s+("[^"\n]*")\n\s+\]/gu, '[$1]')}\`\`\``;
}

const asked = {
  commands: ['scan'],
  assignableScopes: ['/providers/Microsoft.Management/managementGroups/<management group id>'],
  withOptional: false,
};

function commandTables(...commands: readonly AzureCommand[]): readonly (readonly [string, string])[] {
  return commands.map(
    (command) => [command, table(operationsOf[command]({ ...work, dependants: false }))] as const,
  );
}

/** One row for each right: the list is long. */
function oneByOne(operation: Operation): readonly Operation[] {
  return operation.actions.map((action) => Object.assign({}, operation, { actions: [action] }));
}

function without(operations: readonly Operation[], known: readonly Operation[]): readonly Operation[] {
  const texts = new Set(known.map((one) => JSON.stringify(one)));
  return operations.filter((one) => !texts.has(JSON.stringify(one)));
}

function table(operations: readonly Operation[]): string {
  const hasPolicies = operations.some(({ permissions = [] }) => permissions.length > 0);
  const rows = operations.map((operation) => {
    const rights = rightsOf(operation).map((right) => right.replace(/^\S+/u, (action) => `\`${action}\``));
    const { what, otherwise = 'it fails' } = operation;
    return [what, rights.join(', '), ...(hasPolicies ? [policyRightsOf(operation)] : []), otherwise];
  });
  const head = ['to', 'right', ...(hasPolicies ? ['or, in an access policy'] : []), 'without it'];
  return markdownTable(head, rows);
}
