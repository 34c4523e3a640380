import { wildcard } from '../../model/wildcard.ts';
import { likePattern } from '../kql/patterns.ts';
import { textUnlike } from '../../documents/schema/json-schema.ts';
import { negate, type Operator } from './operator.ts';
import { comparable, inWords, regularExpression } from './scalar.ts';

export const like: Operator = {
  kind: 'wildcard',
  note: 'The field matches this pattern; * matches any number of characters.',
  example: { field: 'name', like: 'kv-*-prod' },
  operand: textUnlike(
    regularExpression(),
    'a pattern rather than a regular expression (* is any run of characters)',
    'A pattern; * stands for any run of characters.',
  ),
  compile(expected) {
    const matches = wildcard(inWords(expected));
    return (actual) => {
      const text = comparable(actual);
      return text !== undefined && matches(text);
    };
  },
  kql: (expected) => likePattern(inWords(expected)),
  describe: (expected, holds) => `${holds ? 'like' : 'not like'} ${inWords(expected)}`,
  phrase: (expected, holds, show) => `${holds ? 'is' : 'is not'} like ${show(expected)}`,
  samples: [{ expected: 'kv-*-prod', holds: ['KV-payments-PROD'], fails: ['kv-prod', undefined] }],
};

export const notLike = negate(like, {
  note: 'The field does not match this pattern, or has no value.',
  example: { field: 'resourceGroup', notLike: '*-sandbox' },
});
