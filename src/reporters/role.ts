import type { LeastRole, Operation } from '../model/permission.ts';
import type { JsonObject } from '../model/json.ts';
import type { Format, Terminal } from './format.ts';
import { columns } from './terminal/columns.ts';
import { styleFor } from './terminal/style.ts';
import { wrap } from './terminal/wrap.ts';
import { markdownCode, markdownText } from './text/markdown.ts';
import { terminalText } from './text/terminal.ts';

/** A format of a role with exactly the rights that something takes. */
export type RoleFormat = Format<LeastRole, Terminal>;

/** A role in the shape that `az role definition create --role-definition` takes. */
export function roleDefinition({
  name,
  description,
  rights,
  assignableScopes,
}: Omit<LeastRole, 'operations' | 'leftOut'>): JsonObject {
  return {
    Name: name,
    Description: description,
    IsCustom: true,
    Actions: [...rights.actions],
    NotActions: [],
    DataActions: [...rights.dataActions],
    NotDataActions: [],
    AssignableScopes: [...assignableScopes],
  };
}

const json: RoleFormat = {
  extension: 'json',
  render: (role) => [roleJson(role)],
};

/** The role as JSON text. */
export function roleJson(role: LeastRole): string {
  return `${JSON.stringify(roleDefinition(role), null, 2)}\n`;
}

/** The rights of an operation in words: those of access policies only where it has no other. */
export function rightsOf({ actions, dataActions = [] }: Operation): readonly string[] {
  return [...actions, ...dataActions.map((action) => `${action} (data action)`)];
}

/** The rights of an operation where a vault uses access policies. */
export function policyRightsOf({ permissions = [] }: Operation): string {
  return permissions.join('; ');
}

const table: RoleFormat = {
  extension: 'txt',
  *render({ operations }, terminal) {
    const { dim } = styleFor(terminal).colors;
    const widest = terminal.width === Number.POSITIVE_INFINITY ? terminal.width : 48;
    const rows = operations.map((operation) => {
      const { what, otherwise } = operation;
      const words = otherwise === undefined ? what : `${what} (optional: without it, ${otherwise})`;
      const cells = [wrap(words, widest).join('\n'), rightsOf(operation).join('\n')];
      return [...cells, policyRightsOf(operation).replaceAll('; ', '\n')];
    });
    const hasPolicies = operations.some(({ permissions = [] }) => permissions.length > 0);
    const head = ['to', 'right', 'or, in an access policy'].map((text) => dim(text));
    yield columns([head, ...rows].map((row) => (hasPolicies ? row : row.slice(0, 2))));
  },
};

const markdown: RoleFormat = {
  extension: 'md',
  *render(role) {
    yield `# ${markdownText(role.name)}\n\n${markdownText(role.description)}\n\n`;
    yield '| to | right | or, in an access policy | without it |\n| --- | --- | --- | --- |\n';
    for (const operation of role.operations) {
      const rights = rightsOf(operation).map(markdownCode).join('<br>');
      const { what, otherwise = 'it fails' } = operation;
      yield `| ${markdownText(what)} | ${rights} | ${markdownText(policyRightsOf(operation))} | ${markdownText(otherwise)} |\n`;
    }
    yield `\n\`\`\`json\n${roleJson(role).replaceAll('`', '\\u0060')}\`\`\`\n`;
  },
};

/** The formats of a role, in the order in which help lists them; the first is the default. */
export const roleFormats = { json, table, markdown } as const satisfies Readonly<Record<string, RoleFormat>>;

/** The sentences beside a role: those of its rights that are optional, and what is to be replaced in it. */
export function roleNotes({ operations, assignableScopes, leftOut }: LeastRole): string {
  const nothing = operations.length === 0 ? ['Nothing is asked of Azure, so no right is needed.'] : [];
  const open = assignableScopes
    .filter((scope) => scope.includes('<'))
    .map((scope) => `Replace ${scope} in AssignableScopes by the id of a subscription.`);
  const optional = leftOut.map(
    ({ what, actions, otherwise = '' }) =>
      `Not in the role: ${actions.join(', ')}, to ${what}. Without it, ${otherwise}.`,
  );
  const more = optional.length === 0 ? [] : [...optional, 'Add --optional to have these in the role.'];
  return [...nothing, ...more, ...open].map((line) => `${terminalText(line)}\n`).join('');
}
