import type { Cloud } from '../../../model/cloud.ts';
import type { ScanReport } from '../../../model/report.ts';
import { markdownCode, markdownLink, markdownText } from '../../text/markdown.ts';
import {
  controlReasons,
  controlRuleWords,
  controlVerdictWords,
  frameworkTitle,
  uncoveredWords,
} from '../../words/controls.ts';
import { deployedToShow, deployedWords } from '../../words/deployed.ts';
import { portalAddress } from '../../words/portal.ts';
import { resourceName } from '../../words/scope.ts';

/** A piece of a document that is shown whole or not at all, and what a reader would miss without it. */
export interface MarkdownBlock extends Partial<Omitted> {
  readonly text: string;
}

/** The numbers of findings and of gaps (things that could not be read) that a shortened document does not show. */
export interface Omitted {
  readonly findings: number;
  readonly gaps: number;
}

const encoder = new TextEncoder();

/**
 * Blocks in order, as long as they fit into `maxBytes` of UTF-8 together with the closing sentence that counts what
 * is left out. Nothing comes after the first block that does not fit. Every block where there is no limit.
 */
export function* truncate(
  blocks: Iterable<MarkdownBlock>,
  maxBytes: number | undefined,
  closing: (omitted: Omitted) => string,
): Iterable<string> {
  const limit = maxBytes ?? Number.POSITIVE_INFINITY;
  const reserve = bytes(closing({ findings: Number.MAX_SAFE_INTEGER, gaps: Number.MAX_SAFE_INTEGER }));
  let used = 0;
  let full = false;
  let omitted: Omitted = { findings: 0, gaps: 0 };
  for (const block of blocks) {
    const { findings = 0, gaps = 0 } = block;
    // What is left out is counted, and not even written.
    const text = full ? '' : block.text;
    used += bytes(text);
    full = full || used + reserve > limit;
    if (full) omitted = { findings: omitted.findings + findings, gaps: omitted.gaps + gaps };
    else yield text;
  }
  if (full && reserve <= limit) yield closing(omitted);
}

function bytes(text: string): number {
  return encoder.encode(text).length;
}

/** The kind of a table's rows, for the count of what a shortened report leaves out. */
type RowKind = 'findings' | 'gaps' | 'extra';

/** The cells of a row, or a function that makes them where the row is shown. */
type MarkdownRow = readonly string[] | (() => readonly string[]);

/** A Markdown table. Cells are safe already. */
export interface MarkdownTable {
  /** `| One | Two |` */
  readonly head: string;
  readonly rows: Iterable<MarkdownRow>;
  readonly kind: RowKind;
}

/** A titled table as blocks that are never split: the first carries title and head. None without a row. */
export function* tableBlocks(title: string, { head, rows, kind }: MarkdownTable): Iterable<MarkdownBlock> {
  const columns = head.split('|').length - 2;
  let before = `\n### ${title}\n\n${head}\n|${' --- |'.repeat(columns)}\n`;
  for (const row of rows) {
    const opening = before;
    const omitted = kind === 'extra' ? {} : { [kind]: 1 };
    yield {
      ...omitted,
      get text() {
        const cells = typeof row === 'function' ? row() : row;
        return `${opening}| ${cells.join(' | ')} |\n`;
      },
    };
    before = '';
  }
}

/** The state in Azure of what the code declares. */
export function deployedBlocks(report: ScanReport, cloud: Cloud | undefined): Iterable<MarkdownBlock> {
  const rows = deployedToShow(report).map((today) => {
    const { declared, declaredAt } = today;
    const name = markdownCode(resourceName(declared));
    const address = today.state === 'deployed' ? portalAddress({ ...declared, id: today.id }, cloud) : '';
    return [
      markdownLink(name, address),
      markdownCode(`${declaredAt.file}:${declaredAt.line}`),
      markdownText(deployedWords(today)),
    ];
  });
  return tableBlocks('Deployed today', { head: '| Declared | Where | Today |', rows, kind: 'extra' });
}

/** The controls of the frameworks that were asked for, each with its verdict; and those that no rule covers. */
export function* controlBlocks({ frameworks = [] }: ScanReport): Iterable<MarkdownBlock> {
  for (const framework of frameworks) {
    const rows = framework.controls.map((control) => [
      markdownText(control.id),
      controlVerdictWords(control),
      markdownText(control.title ?? ''),
      markdownText([`${controlRuleWords(control)}.`, ...controlReasons(control)].join(' ')),
    ]);
    const title = `Controls of ${markdownText(frameworkTitle(framework))}`;
    yield* tableBlocks(title, { head: '| Control | Verdict | Asks for | Rules |', rows, kind: 'extra' });
    const notCovered = uncoveredWords(framework);
    if (notCovered !== '') yield { text: `\nNot covered by any rule: ${markdownText(notCovered)}.\n` };
  }
}
