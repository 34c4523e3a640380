import type { Exemption, ListedExemption } from '../model/exemption.ts';
import type { ResourceScope } from '../model/resource-scope.ts';
import type { Format, Terminal } from './format.ts';
import { columns, widthOf } from './terminal/columns.ts';
import { styleFor } from './terminal/style.ts';
import { wrap } from './terminal/wrap.ts';
import { terminalText } from './text/terminal.ts';
import { count } from './words/counts.ts';
import { exemptionPlace } from './words/exemption.ts';

/** A format of the exemptions of a file. */
export type ExemptionListFormat = Format<readonly ListedExemption[], Terminal>;

const table: ExemptionListFormat = {
  extension: 'txt',
  *render(listed, terminal) {
    if (listed.length === 0) {
      yield 'No exemptions.\n';
      return;
    }
    const style = styleFor(terminal);
    const { dim, red, yellow } = style.colors;
    const hasCounts = listed.some(({ covers }) => covers !== undefined);
    const head = ['rule', 'scope', 'until', ...(hasCounts ? ['covers'] : [])].map((text) => dim(text));
    const rows = listed.map((one) => {
      const { rule, scope } = one.exemption;
      const paint = one.state === 'expired' ? red : one.state === 'endsSoon' ? yellow : undefined;
      const end = endWords(one);
      return [
        terminalText(rule),
        lines(scopeWords(scope), Math.floor(style.columns / 3)),
        paint === undefined
          ? end
          : end
              .split('\n')
              .map((line) => paint(line))
              .join('\n'),
        ...(hasCounts ? [coverWords(one)] : []),
      ];
    });
    const left = widthOf(columns([head, ...rows]));
    const width = Math.max(leastReason, style.columns - left - 2);
    const reasons = listed.map(({ exemption }) => lines(reasonWords(exemption), width));
    yield columns([[...head, dim('reason')], ...rows.map((row, index) => row.concat(reasons[index] ?? ''))]);
  },
};

/** In columns: a terminal that is narrower than the rest of the table must show some words of a reason in each line. */
const leastReason = 20;

function reasonWords({ reason, owner, ticket }: Exemption): string {
  const who = [owner, ticket].filter((part) => part !== undefined).join(', ');
  return who === '' ? reason : `${reason} (${who})`;
}

function lines(text: string, width: number): string {
  return wrap(terminalText(text), width).join('\n');
}

function coverWords({ covers = 0 }: ListedExemption): string {
  if (covers === 'notKnown') return 'not known';
  return covers === 0 ? 'nothing' : count(covers, 'finding');
}

function endWords({ exemption: { expiresOn }, state, daysLeft }: ListedExemption): string {
  if (state === 'expired') return `${expiresOn}\nexpired`;
  return `${expiresOn}\n${daysLeft === 0 ? 'today' : count(daysLeft, 'day')}`;
}

/** `resource group rg-a, tags env=prod`. */
function scopeWords({
  resource,
  resourceGroup,
  subscription,
  managementGroup,
  name,
  tag,
}: ResourceScope): string {
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['', resource],
    ['resource group ', resourceGroup],
    ['subscription ', subscription],
    ['management group ', managementGroup],
    ['name ', name],
    [
      'tags ',
      tag &&
        Object.entries(tag)
          .map(([key, value]) => `${key}=${value}`)
          .join(' '),
    ],
  ];
  return parts.flatMap(([word, value]) => (value === undefined ? [] : [`${word}${value}`])).join(', ');
}

const json: ExemptionListFormat = {
  extension: 'json',
  render: (listed) => [
    `${JSON.stringify(
      listed.map(({ exemption, state, daysLeft, covers: amount }) => {
        const { location, ...rest } = exemption;
        return {
          ...rest,
          state,
          daysLeft,
          covers: amount === 'notKnown' ? null : amount,
          place: exemptionPlace(location),
        };
      }),
      null,
      2,
    )}\n`,
  ],
};

/** The formats of a list of exemptions, in the order in which help lists them; the first is the default. */
export const exemptionListFormats = { table, json } as const satisfies Readonly<
  Record<string, ExemptionListFormat>
>;
