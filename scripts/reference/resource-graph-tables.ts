import { scannedTypes } from '../../src/resource-types/known-type.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { rowsWanted } from '../../src/rules/kql/push-down.ts';
import {
  idsQuery,
  snapshotQuery,
  plainer,
  rowsQuery,
  subscriptionsQuery,
} from '../../src/sources/live/query.ts';
import { notJudged, readableBy } from '../../src/usecases/scan/not-judged.ts';
import { shippedRules } from '../../src/files/shipped-rules.ts';
import { markdownTable } from './markdown-table.ts';
import { graphVocabulary, type GraphWord } from './resource-graph-vocabulary.ts';

/** The tables of docs/resource-graph-queries.md by the names of their places in it. */
export async function graphTables(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['queries', await queryTable()],
    ['vocabulary', markdownTable(['word', 'used for', 'seen in'], graphVocabulary.map(wordRow))],
  ]);
}

function wordRow({ word, use, evidence }: GraphWord): readonly string[] {
  const sources = evidence.map(({ source, at, date }) => `${source}, \`${at}\`, ${date}`);
  return [`\`${word}\``, use, sources.join('; ')];
}

/** The queries of the shipped rules that a plain scan judges: how many characters each has, by form. */
async function queryTable(): Promise<string> {
  const readable = readableBy(['live']);
  const rules = shippedRules
    .filter((rule) => notJudged(rule, readable).length < rule.resourceTypes.length)
    .map((rule) => compileRule(rule, {}));
  const filtered = { types: scannedTypes, ...rowsWanted(rules, scannedTypes, { all: false }) };
  const counted = plainer(filtered) ?? filtered;
  const plain = plainer(counted) ?? counted;
  return markdownTable(
    ['form', 'query', 'characters'],
    [
      ['`filtered`', 'counts and subscriptions', snapshotQuery(filtered)],
      ['', 'rows', rowsQuery(filtered)],
      ['`counted`', 'counts and subscriptions', snapshotQuery(counted)],
      ['', 'rows', rowsQuery(counted)],
      ['`plain`', 'subscriptions', subscriptionsQuery],
      ['', 'ids', idsQuery(plain)],
      ['', 'rows', rowsQuery(plain)],
    ].map(([form = '', query = '', text = '']) => [form, query, String(text.length)]),
  );
}
