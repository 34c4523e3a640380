import { expect, test } from 'vitest';
import { resourceTypes } from '../../src/resource-types/index.ts';

test.each(resourceTypes)(
  '$type: a live scan reads it exactly where Resource Graph has a table for it',
  (type) => {
    expect(type.readBy.includes('live')).toBe(type.resourceGraph !== undefined);
  },
);

test.each(resourceTypes)('$type: facts are among its fields, and no column of Resource Graph', (type) => {
  for (const name of Object.keys(type.facts ?? {})) {
    expect(Object.keys(type.fields)).toContain(name);
    expect(type.neverUnset).toContain(name);
    expect(Object.keys(type.resourceGraph?.columns ?? {})).not.toContain(name);
  }
});

test.each(resourceTypes)('$type: what is never unset is among its fields', ({ neverUnset = [], fields }) => {
  expect(Object.keys(fields)).toEqual(expect.arrayContaining([...neverUnset]));
});
