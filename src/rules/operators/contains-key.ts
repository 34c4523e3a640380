import { isJsonObject } from '../../model/json.ts';
import { hasKey } from '../kql/containment.ts';
import { negate, type Operator } from './operator.ts';
import { inWords } from './scalar.ts';

export const containsKey: Operator = {
  kind: 'key',
  note: 'The object, such as tags, has this key.',
  example: { field: 'tags', containsKey: 'owner' },
  operand: { type: 'string', description: 'The name of a key, such as the name of a tag.' },
  compile(expected) {
    const wanted = inWords(expected).toLowerCase();
    return (actual) =>
      isJsonObject(actual) && Object.keys(actual).some((key) => key.toLowerCase() === wanted);
  },
  kql: (expected) => hasKey(inWords(expected)),
  describe: (expected, holds) => `${holds ? 'the' : 'no'} key ${inWords(expected)}`,
  phrase: (expected, holds, show) => `${holds ? 'has' : 'does not have'} the key ${show(expected)}`,
  samples: [{ expected: 'Owner', holds: [{ owner: 'me' }, { Owner: '' }], fails: [{}, 'owner', undefined] }],
};

export const notContainsKey = negate(containsKey, {
  note: 'The object does not have this key.',
  example: { field: 'tags', notContainsKey: 'temporary' },
});
