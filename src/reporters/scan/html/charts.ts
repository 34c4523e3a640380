import { htmlText } from '../../text/html.ts';

/** A part of a bar. `name` is its class, and words for it stand in `label`. */
export interface BarPart {
  readonly name: string;
  readonly amount: number;
  readonly label: string;
}

const width = 1000;
const gap = 3;
/** The length of a part, however little of the whole it is: it must be seen. */
const least = 6;

/** A bar whose parts are as long as their shares; it says in words what it shows. Empty without an amount. */
export function shareBar(parts: readonly BarPart[], total: number): string {
  const shown = parts.filter(({ amount }) => amount > 0);
  if (shown.length === 0 || total <= 0) return '';
  const room = width - gap * (shown.length - 1) - least * shown.length;
  let from = 0;
  const drawn = shown.map(({ name, amount }) => {
    const length = least + (room * amount) / total;
    const part = `<rect class="${name}" x="${rounded(from)}" y="0" width="${rounded(length)}" height="24"/>`;
    from += length + gap;
    return part;
  });
  const words = shown.map(({ label }) => label).join(', ');
  return `<svg class="bar" viewBox="0 0 ${width} 24" preserveAspectRatio="none" role="img" aria-label="${htmlText(words)}">${drawn.join('')}</svg>`;
}

/** A line of a chart: an amount at each moment, of which all lines have the same. */
interface ChartLine {
  readonly name: string;
  readonly amounts: readonly number[];
}

const height = 240;

/**
 * Lines over time, from 0 to `top`; the moments are places between 0 and 1. Moments of which not everything is known are marked by
 * a bar behind the lines. What it shows is `label`, in words.
 */
export function lineChart(
  lines: readonly ChartLine[],
  { places, uncertain, top, label }: ChartFrame,
): string {
  const x = (index: number): string => rounded((places[index] ?? 0) * width);
  const y = (amount: number): string => rounded(height - (amount / Math.max(1, top)) * height);
  const rules = [0, 0.5, 1].map(
    (share) => `<line class="rule" x1="0" x2="${width}" y1="${height * share}" y2="${height * share}"/>`,
  );
  const marks = uncertain.map(
    (index) => `<line class="uncertain" x1="${x(index)}" x2="${x(index)}" y1="0" y2="${height}"/>`,
  );
  const drawn = lines.map(({ name, amounts }) => {
    const points = amounts.map((amount, index) => `${x(index)},${y(amount)}`);
    return `<polyline class="${name}" points="${points.join(' ')}"/>`;
  });
  return `<svg class="lines" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${htmlText(label)}">${[...rules, ...marks, ...drawn].join('')}</svg>`;
}

/** The axes of a chart of lines. */
interface ChartFrame {
  readonly places: readonly number[];
  /** Indexes of moments. */
  readonly uncertain: readonly number[];
  readonly top: number;
  readonly label: string;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
