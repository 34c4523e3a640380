import type { Json } from '../../src/model/json.ts';
import { toDatetime } from './conversion.ts';
import { items, part, unsupported, type Syntax } from './syntax.ts';
import type { Value } from './value.ts';

const msPerUnit: Readonly<Record<string, number>> = {
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  ms: 1,
};

/** The value of a literal or of `dynamic(…)`; undefined when the node is not a constant. */
export function literalOf(node: Syntax): Value | undefined {
  const read = readers[node.kind];
  if (read !== undefined) return read(node);
  if (node.kind === 'UnaryMinusExpression') {
    const value = literalOf(part(node, 'Expression'));
    return typeof value === 'number' ? -value : undefined;
  }
  if (node.kind === 'ParenthesizedExpression') return literalOf(part(node, 'Expression'));
  return node.kind === 'DynamicExpression' ? jsonOf(part(node, 'Expression')) : undefined;
}

// Read from the text: the compiled C# misreads hexadecimal numbers and `time(…)` of days and hours.
const readers: Readonly<Record<string, (node: Syntax) => Value>> = {
  StringLiteralExpression: (node) => node.string ?? '',
  CompoundStringLiteralExpression: (node) => node.string ?? '',
  BooleanLiteralExpression: (node) => {
    const text = inner(node);
    return text === 'null' ? null : text.toLowerCase() === 'true';
  },
  IntLiteralExpression: number,
  LongLiteralExpression: number,
  RealLiteralExpression: number,
  NullLiteralExpression: () => null,
  GuidLiteralExpression: (node) => (inner(node) === 'null' ? null : inner(node).toLowerCase()),
  DateTimeLiteralExpression: (node) => {
    const text = inner(node);
    const value = toDatetime(text);
    if (value === null && text !== 'null') throw unsupported(node);
    return value;
  },
  TimespanLiteralExpression: (node) => {
    const match = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(inner(node));
    const unit = msPerUnit[match?.[2] ?? ''];
    if (inner(node) === 'null') return null;
    if (unit === undefined) throw unsupported(node);
    return Number(match?.[1]) * unit;
  },
};

/** What stands inside `type(…)`, or the whole text of a bare literal; without quotes. */
function inner(node: Syntax): string {
  const match = /^[a-z]+\s*\((.*)\)$/is.exec(node.text);
  return (match?.[1] ?? node.text).trim().replace(/^(['"])(.*)\1$/, '$2');
}

function number(node: Syntax): Value {
  const text = inner(node);
  if (text === 'null') return null;
  const value = Number(text);
  if (text === '' || Number.isNaN(value)) throw unsupported(node);
  return value;
}

function jsonOf(node: Syntax): Json {
  if (node.kind === 'JsonArrayExpression') return items(node, 'Values').map(jsonOf);
  if (node.kind === 'JsonObjectExpression') {
    const pairs = items(node, 'Pairs').map((pair): [string, Json] => [
      keyOf(pair),
      jsonOf(part(pair, 'Value')),
    ]);
    return Object.fromEntries(pairs);
  }
  const value = literalOf(node);
  if (value === undefined) throw unsupported(node);
  return value;
}

function keyOf(pair: Syntax): string {
  const { string } = part(pair, 'Name');
  if (string === undefined) throw unsupported(pair);
  return string;
}
