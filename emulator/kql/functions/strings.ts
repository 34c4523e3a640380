import { argumentAt, longOf, textOf } from '../argument.ts';
import type { FunctionCompiler } from '../context.ts';
import { converterTo } from '../conversion.ts';
import { literalOf } from '../literal.ts';
import { regexOf } from '../regex.ts';
import { unsupported } from '../syntax.ts';

/** Functions of text. A null argument reads as the empty text. */
export const strings = {
  tolower: mapped((text) => text.toLowerCase()),
  toupper: mapped((text) => text.toUpperCase()),
  strlen: (args) => {
    const text = textOf(argumentAt(args, 0));
    return (row) => text(row).length;
  },
  strcat: (args) => {
    const texts = args.map(textOf);
    return (row) => texts.map((text) => text(row)).join('');
  },
  substring: (args) => {
    const [text, start] = [textOf(argumentAt(args, 0)), longOf(argumentAt(args, 1))];
    const length = args[2] === undefined ? () => Number.POSITIVE_INFINITY : longOf(args[2]);
    return (row) => {
      const source = text(row);
      const from = start(row) ?? 0;
      const begin = from < 0 ? Math.max(0, source.length + from) : from;
      return source.slice(begin, begin + Math.max(0, length(row) ?? 0));
    };
  },
  split: (args) => {
    const [text, separator] = [textOf(argumentAt(args, 0)), textOf(argumentAt(args, 1))];
    const index = args[2] === undefined ? undefined : longOf(args[2]);
    return (row) => {
      const parts = text(row).split(separator(row));
      if (index === undefined) return parts;
      const one = parts[index(row) ?? -1];
      return one === undefined ? [] : [one];
    };
  },
  indexof: (args) => {
    if (args.length > 3) throw unsupported(argumentAt(args, 3).node);
    const [text, sought] = [textOf(argumentAt(args, 0)), textOf(argumentAt(args, 1))];
    const start = args[2] === undefined ? () => 0 : longOf(args[2]);
    return (row) => text(row).indexOf(sought(row), start(row) ?? 0);
  },
  countof: (args) => {
    const [text, { node }] = [textOf(argumentAt(args, 0)), argumentAt(args, 1)];
    if (args[2] === undefined || literalOf(args[2].node) !== 'regex') {
      throw unsupported(node, 'is supported for regular expressions only');
    }
    const pattern = literalOf(node);
    if (typeof pattern !== 'string') throw unsupported(node, 'needs a constant regular expression');
    const { source, flags } = regexOf(pattern);
    const regex = new RegExp(source, `${flags}g`);
    return (row) => text(row).match(regex)?.length ?? 0;
  },
  replace_string: (args) => {
    const [text, from, to] = [0, 1, 2].map((index) => textOf(argumentAt(args, index)));
    return (row) => (text?.(row) ?? '').replaceAll(from?.(row) ?? '', () => to?.(row) ?? '');
  },
  trim: (args) => {
    const [pattern, text] = [constantRegex(args), textOf(argumentAt(args, 1))];
    const [leading, trailing] = [anchored(pattern, '^(?:', ')+'), anchored(pattern, '(?:', ')+$')];
    return (row) => text(row).replace(leading, '').replace(trailing, '');
  },
  extract: (args, call) => {
    const [pattern, group, text] = [
      constantRegex(args),
      longOf(argumentAt(args, 1)),
      textOf(argumentAt(args, 2)),
    ];
    const convert = converterTo(call.type);
    if (convert === undefined) throw unsupported(argumentAt(args, 0).node);
    return (row) => {
      const found = pattern.exec(text(row))?.[group(row) ?? 0];
      return found === undefined ? convert(null) : convert(found);
    };
  },
} satisfies Record<string, FunctionCompiler>;

function mapped(change: (text: string) => string): FunctionCompiler {
  return (args) => {
    const text = textOf(argumentAt(args, 0));
    return (row) => change(text(row));
  };
}

function constantRegex(args: Parameters<FunctionCompiler>[0]): RegExp {
  const { node } = argumentAt(args, 0);
  const pattern = literalOf(node);
  if (typeof pattern !== 'string') throw unsupported(node, 'needs a constant regular expression');
  return regexOf(pattern);
}

function anchored(pattern: RegExp, before: string, after: string): RegExp {
  return new RegExp(before + pattern.source + after, pattern.flags);
}
