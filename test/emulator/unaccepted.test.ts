import { describe, expect, test } from 'vitest';
import { vocabularyOf } from '../../emulator/kql/vocabulary.ts';
import { GraphError } from '../../emulator/resource-graph/errors.ts';
import { resourceGraphTables } from '../../emulator/resource-graph/tables.ts';
import { refuseUnaccepted, type Unaccepted } from '../../emulator/resource-graph/unaccepted.ts';

const query =
  "resources | where not(name contains 'x') | summarize n = count() by id = type | union (resourcecontainers | project id) | order by id asc";

function detailsOf(unaccepted: Unaccepted): unknown {
  try {
    refuseUnaccepted(query, unaccepted);
  } catch (error) {
    return error instanceof GraphError ? error.failure.details : error;
  }
  return undefined;
}

describe('what Resource Graph is told not to accept', () => {
  test.for<readonly [Unaccepted, string]>([
    [{ words: ['not()'] }, 'UnknownFunction'],
    [{ words: ['count()'] }, 'UnknownFunction'],
    [{ words: ['contains'] }, 'ParserFailure'],
    [{ words: ['| union'] }, 'ParserFailure'],
    [{ words: ['summarize … union'] }, 'ParserFailure'],
    [{ longest: 20 }, 'QueryTooLong'],
  ])('%j is refused as %s', ([unaccepted, code]) => {
    expect(detailsOf(unaccepted)).toMatchObject([{ code: 'InvalidQuery' }, { code }]);
  });

  test.for<Unaccepted>([{}, { words: ['hash()', 'union … where'] }, { longest: query.length }])(
    'a query without %j is accepted',
    (unaccepted) => {
      expect(detailsOf(unaccepted)).toBeUndefined();
    },
  );
});

test('the vocabulary of a query', () => {
  expect([...vocabularyOf(query, resourceGraphTables)].toSorted()).toEqual([
    'contains',
    'count()',
    'not()',
    'summarize … order',
    'summarize … union',
    'union … order',
    '| order',
    '| project',
    '| summarize',
    '| union',
    '| where',
  ]);
});
