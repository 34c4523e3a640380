import stringWidth from 'fast-string-width';
import { groupsBy } from '../../model/groups-by.ts';
import { joinFirst } from '../../model/join-words.ts';
import type { PlanVault } from '../../model/plan.ts';
import { besides, paragraph, type TerminalStyle } from '../terminal/style.ts';
import { terminalText } from '../text/terminal.ts';
import { kindOf } from '../words/scope.ts';
import type { Change } from './difference.ts';
import type { Shared } from './groups.ts';
import { sideWords, vaultCount } from './plan-wording.ts';

/** Something about a vault or a managed HSM. */
interface OnVault {
  readonly vault: Pick<PlanVault, 'id' | 'name' | 'type'>;
}

/** Requests that make the same changes. */
interface SameChanges<T extends OnVault> {
  readonly requests: readonly T[];
  /** Safe, and painted already; empty where nothing is to be said. */
  readonly risk: string;
  readonly changes: readonly Change[];
  /** The rules that they close. */
  readonly closes?: string;
  readonly consequences: readonly Shared<T>[];
  readonly obstacles: readonly Shared<T>[];
}

interface Surroundings<T> {
  readonly style: TerminalStyle;
  /** The place of a vault in parts, its subscription first. */
  readonly placeOf: (request: T) => readonly string[];
  /** The most vaults that are named of a subscription, and in a sentence about some of them. */
  readonly most: { readonly list: number; readonly aside: number };
}

/** The changes and their meaning, once, and the vaults that they are made to: one by its name and place, several by subscription. */
export function* changeRows<T extends OnVault>(
  { requests, risk, changes, closes, consequences, obstacles }: SameChanges<T>,
  surroundings: Surroundings<T>,
): Iterable<string> {
  const { style, placeOf, most } = surroundings;
  const { bold, dim, yellow, magenta } = style.colors;
  const [first, ...others] = requests;
  if (first === undefined) return;
  const isOne = others.length === 0;
  const title = isOne ? nameAndPlace(first, surroundings) : bold(vaultCount(requests));
  const head = `${title}${risk === '' ? '' : `  ${risk}`}`;
  const closing = closes === undefined ? '' : `  ${dim('closes')} ${terminalText(closes)}`;
  const isBeside = stringWidth(head + closing) <= style.columns;
  yield `${head}${isBeside ? closing : ''}\n`;
  for (const { field, before, after } of changes) {
    const text = `${field}: ${sideWords(before)} → ${sideWords(after)}`;
    yield paragraph({ label: `  ${yellow('~')} `, width: 4, text }, style);
  }
  if (closes !== undefined && !isBeside)
    yield paragraph({ label: `  ${dim('closes')} `, width: 9, text: closes }, style);
  const sharedRow = (sign: string, { text, about }: Shared<T>): string => {
    const which = about.length === requests.length ? '' : ` (${nameList(about, most.aside)})`;
    return paragraph({ label: `  ${sign} `, width: 4, text: `${text}${which}` }, style);
  };
  for (const each of consequences) yield sharedRow(yellow('!'), each);
  for (const each of obstacles) yield sharedRow(magenta('?'), each);
  for (const inside of isOne ? [] : groupsBy(requests, (request) => placeOf(request)[0] ?? '')) {
    const label = `${terminalText(placeOf(inside[0])[0] ?? '')}: `;
    const text = nameList(inside, most.list);
    yield paragraph({ label: `  ${dim(label)}`, width: 2 + stringWidth(label), text }, style);
  }
}

function nameAndPlace<T extends OnVault>(one: T, { style, placeOf }: Surroundings<T>): string {
  const parts = [kindOf(one.vault), ...placeOf(one)].filter((part) => part !== '');
  return besides({ name: one.vault.name, parts, room: style.columns - 30 }, style);
}

/** `kv-a, kv-b and 3 more`. */
export function nameList(things: readonly OnVault[], most: number): string {
  return joinFirst(
    things.map(({ vault }) => vault.name),
    most,
  );
}
