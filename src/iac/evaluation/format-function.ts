import { isTooLong } from './budget.ts';
import { concatenate, endless, scalarOf, text, unknown, type Value, type Values } from './value.ts';

/** `format('{0}-kv', …)` of Bicep and ARM, `format("%s-kv-%02d", …)` of Terraform. */
export function format([template, ...args]: readonly Values[]): Values {
  const written = template === undefined ? undefined : scalarOf(template);
  if (typeof written !== 'string') return unknown;
  let next = 0;
  const parts = written.split(places).map((piece, order) => {
    if (order % 2 === 0) return text(piece);
    if (piece === '%%' || piece === '{{' || piece === '}}') return text(piece.slice(1));
    const numbered = /^(?:\{|%\[)(\d+)/.exec(piece)?.[1];
    if (numbered === undefined) return formatted(piece, args[next++] ?? unknown);
    const index = piece.startsWith('{') ? Number(numbered) : Number(numbered) - 1;
    return formatted(piece, args[index] ?? unknown);
  });
  return parts.includes(endless) ? endless : concatenate(parts);
}

/** Where an argument stands, or a mark that is written twice. */
const places = /(\{\d+(?:[,:][^{}]*)?\}|\{\{|\}\}|%%|%(?:\[\d+\])?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z])/u;

/** `%s`, `%d`, `%v` and `{0}` write a value as it is; `%02d` and `{0:D2}` pad numbers with zeros; the rest is unknown. */
function formatted(piece: string, values: Values): Values {
  if (/^%(?:\[\d+\])?[sdv]$|^\{\d+\}$/.test(piece)) return values;
  const digits = /^%(?:\[\d+\])?0(\d+)d$/.exec(piece)?.[1] ?? /^\{\d+:D(\d+)\}$/i.exec(piece)?.[1];
  if (digits === undefined) return unknown;
  const width = Number(digits);
  return isTooLong(width) ? endless : values.flatMap((value) => padded(value, width));
}

function padded(value: Value, width: number): Values {
  return value.kind === 'scalar' ? text(String(value.value).padStart(width, '0')) : unknown;
}
