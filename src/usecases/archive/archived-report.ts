import type { Coverage, ReportScope, SubscriptionCoverage } from '../../model/coverage.ts';
import type { Finding } from '../../model/finding.ts';
import type { Mistake } from '../../documents/document.ts';
import type { ReportFrame } from '../../history/covered.ts';
import { tryParseJson } from '../../documents/json/parse.ts';
import { isJsonObject, parseJson } from '../../model/json.ts';
import { publishedState } from '../../reporters/scan/json.ts';
import { checkFinding, checkReportJson, toFinding } from '../report/report-parts.ts';
import { type LineReader, notAScan } from './scan-lines.ts';

/** Reads the scope of an archived scan. */
function archivedScope(lines: LineReader): ReportScope {
  const added = Array.from(lines.values('addedSubscription'), ({ id, name }) => ({ id, name }));
  return { ...lines.value('scope'), subscriptions: [...lines.values('scopeSubscription'), ...added] };
}

/** Reads its coverage. */
export function archivedCoverage(lines: LineReader): Coverage {
  return { ...lines.value('coverage'), subscriptions: [...lines.values('coveredSubscription')] };
}

/** Reads the report of an archived scan, but for its findings. Throws UsageError for what is none. */
export function archivedFrame(lines: LineReader, file: string): ReportFrame {
  const coverage = archivedCoverage(lines);
  const written = {
    ...lines.value('report'),
    scope: archivedScope(lines),
    rules: [...lines.values('reportRule')],
    findings: [],
    unreadable: [...lines.values('unreadable')],
    coverage: {
      ...coverage,
      subscriptions: coverage.subscriptions.map(publishedSubscription),
    },
  };
  const checked = checkReportJson(parseJson(JSON.stringify(written)));
  if ('mistake' in checked) throw notAScan(file, mistakeWords(checked.mistake));
  return checked.value;
}

function publishedSubscription(one: SubscriptionCoverage): SubscriptionCoverage {
  const { id, name, expectedRows, rows } = one;
  return { id, name, state: publishedState(one), expectedRows, rows };
}

/** Reads the findings of archived scans. One that is written as before is the same. */
export function findingReader(): (lines: LineReader, file: string) => Iterable<Finding> {
  const known = new Map<string, Finding>();
  return function* read(lines, file) {
    for (const line of lines.lines('finding')) {
      let finding = known.get(line);
      if (finding === undefined) known.set(line, (finding = readFinding(line, file)));
      yield finding;
    }
  };
}

function readFinding(line: string, file: string): Finding {
  const parsed = tryParseJson(line);
  const checked = checkFinding(isJsonObject(parsed) ? (parsed['finding'] ?? null) : null, '1.1');
  if ('mistake' in checked) throw notAScan(file, `a finding: ${mistakeWords(checked.mistake)}`);
  return toFinding(checked.value);
}

function mistakeWords(mistake: Mistake | undefined): string {
  return mistake === undefined ? 'it is not an object' : `${mistake.path.join('.')}: ${mistake.message}`;
}
