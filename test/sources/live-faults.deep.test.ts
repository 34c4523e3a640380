import { describe } from 'vitest';
import { scannedTypes } from '../../src/resource-types/known-type.ts';
import { pushDown } from '../../src/rules/kql/push-down.ts';
import { shippedRules } from '../shipped-rules.ts';
import { withstandsFaults } from './fault-matrix.ts';

describe('a full read', async () => {
  await withstandsFaults();
});

describe('a read that is pushed down', async () => {
  const pushedDown = pushDown(shippedRules(['AKV002']), scannedTypes);
  await withstandsFaults({ types: scannedTypes, pushedDown });
});
