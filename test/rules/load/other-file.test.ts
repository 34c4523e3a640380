import { expect, test } from 'vitest';
import { describeOtherFile } from '../../../src/rules/load/other-file.ts';
import { configSchema } from '../../../src/rules/schema/config-schema.ts';

const { properties } = configSchema([]);
const keys = Object.keys(properties ?? {}).filter((key) => key !== '$schema' && key !== 'parameters');

test.for(keys)('a file with the key %s among rules is described', (key) => {
  const what = key === 'exemptions' ? 'an exemptions file' : 'a configuration';
  expect(describeOtherFile({ [key]: [] })).toContain(what);
});
