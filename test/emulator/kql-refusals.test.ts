import { describe, expect, test } from 'vitest';
import { KqlError } from '../../emulator/kql/error.ts';
import { KqlProblems } from '../../emulator/kql/query.ts';
import { run } from './kql.ts';

describe('mistakes that the official binder finds', () => {
  test.for<[query: string, words: RegExp]>([
    ['resources | where nosuch == 1', /'nosuch' does not refer/],
    ['Nosuch | count', /'Nosuch' does not refer/],
    ['deletedvaults | count', /does not refer/],
    ['resources | where', /Missing expression/],
    ['resources | wher name', /operator expected/],
    ['resources | where nosuchfunction(name)', /unknown|not refer to any known function/i],
    ['resources | order by properties', /not allowed/],
    ['resources | distinct tags', /not allowed/],
    ['resources | summarize count() by properties.a', /not allowed/],
    ["resources | where properties.a > 'b'", /not defined for the operand types/],
    ['resources | where not(properties.a)', /bool/],
    ['resources | where properties.a', /bool/],
    ['resources | project id = name + 1', /operator|defined/i],
  ])('%s', ([query, words]) => {
    expect(() => run(query, [])).toThrow(KqlProblems);
    expect(() => run(query, [])).toThrow(words);
  });
});

describe('what Resource Graph, or this engine, does not have', () => {
  test.for([
    'let n = 1; resources | take n',
    'print 1',
    'range x from 1 to 3 step 1',
    'resources | mv-apply x = tags on (take 1)',
    'resources | sample 3',
    'resources | render table',
    'resources | evaluate bag_unpack(tags)',
    "resources | parse name with 'a' rest",
    "search 'kv'",
    "resources | where * has 'kv'",
    'resources | where toscalar(resources | count) > 1',
    'resources | summarize arg_max(name, *) by type',
    'resources | summarize take_any(*) by type',
    'resources | extend x = url_encode(name)',
    'resources | where properties.a == properties.b',
    'resources | where name == 1',
    'resources | where properties.a + 1 == 2',
    'resources | where id in (resources | project id)',
    "resources | where name matches regex '(?=look)'",
    "resources | where name matches regex '(a)\\\\1'",
    "resources | where name matches regex '^[[{]'",
    "resources | where name matches regex '({a})*'",
    'resources | join kind=leftanti (resources) on id',
    'resources | mv-expand tags limit 401',
    'resources | mv-expand tags | mv-expand tags | mv-expand tags | mv-expand tags',
    `resources ${'| join (resources | project id) on id '.repeat(4)}`,
    'resources; resources',
  ])('%s', (query) => {
    expect(() => run(query, [{}])).toThrow(KqlError);
  });
});
