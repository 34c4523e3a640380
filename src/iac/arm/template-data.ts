import { type Budget, spend } from '../evaluation/budget.ts';
import { type TextValue, wholeText } from '../evaluation/name-pattern.ts';
import { isClosed, type Value, type Values } from '../evaluation/value.ts';
import { type Entry, type Expression, opaque } from '../languages/expression.ts';
import type { Location } from '../../model/location.ts';
import type { Template } from '../programs/template.ts';
import { readArmText } from './expression.ts';
import { readTemplateAt } from './template.ts';

/** Deeper values than this are not templates that people write. */
const deepest = 100;

/**
 * Reads a template that is a value, as Azure reads the one in the body of a request: its texts may be expressions. `undefined` where it is
 * not known what its resources are. All that is in it is located at `at`.
 */
export function readTemplateData(values: Values, at: Location, budget: Budget): Template | undefined {
  const document = writtenAs(values, { depth: 0, budget });
  if (document.kind !== 'object') return undefined;
  const isShown = document.entries.some(({ key }) => key?.toLowerCase() === 'resources');
  return isShown ? readTemplateAt(document, at) : undefined;
}

interface Walk {
  readonly depth: number;
  readonly budget: Budget;
}

/** The expression that evaluates to these values. */
function writtenAs(values: Values, { depth, budget }: Walk): Expression {
  const [only, ...others] = values;
  spend(budget, 1);
  if (only === undefined || depth > deepest || budget.steps < 0) return opaque;
  const inside = { depth: depth + 1, budget };
  if (others.length === 0) return writtenValue(only, inside);
  return { kind: 'choice', options: values.map((value) => writtenValue(value, inside)) };
}

function writtenValue(value: Value, walk: Walk): Expression {
  switch (value.kind) {
    case 'scalar':
      return { kind: 'literal', value: value.value };
    case 'text':
      return writtenText(value);
    case 'list': {
      const items = value.items.map((item) => writtenAs(item(), walk));
      return {
        kind: 'array',
        items: isClosed(value) ? items : [...items, { kind: 'expansion', of: opaque }],
      };
    }
    case 'map': {
      const entries = [...value.entries].map(([key, element]): Entry => ({
        key,
        at: 0,
        value: writtenAs(element(), walk),
      }));
      return { kind: 'object', entries: isClosed(value) ? entries : [{ at: 0, value: opaque }, ...entries] };
    }
    default:
      return opaque;
  }
}

/** A text of which only a part is known is an expression, or may be one, where it may begin and end with a bracket. */
function writtenText(value: TextValue): Expression {
  const { pattern } = value;
  const literal = wholeText(value);
  if (literal !== undefined) return readArmText(literal);
  const [first, last] = [pattern[0], pattern.at(-1)];
  const mayBegin = typeof first !== 'string' || first.startsWith('[');
  const mayEnd = typeof last !== 'string' || last.endsWith(']');
  if (mayBegin && mayEnd) return opaque;
  const parts = pattern.map((part): Expression =>
    typeof part === 'string' ? { kind: 'literal', value: part } : opaque,
  );
  return { kind: 'template', parts };
}
