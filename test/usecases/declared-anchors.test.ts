import { describe, expect, test } from 'vitest';
import type { AnchorAnswer } from '../../src/iac/anchor.ts';
import { wholly } from '../../src/iac/piecewise.ts';
import type { Location } from '../../src/model/location.ts';
import { declaredAnchors } from '../../src/usecases/anchors.ts';
import { aFinding, aVault } from '../reporters/reports.ts';

const place = (file: string, line = 1): Location => ({ file, line, column: 1 });
const finding = aFinding('AKV002', aVault('kv-a'));

function anchoring(answer: AnchorAnswer, compliance: 'nonCompliant' | 'compliant' = 'nonCompliant') {
  const { anchor, notes } = wholly(
    declaredAnchors([aFinding('AKV002', aVault('kv-a'), { compliance })], {
      declared: () => answer,
      usable: (file) => !file.includes(':'),
      fallback: () => place('purgeproof.yaml'),
    }),
  );
  return { file: anchor(finding).file, notes };
}

describe('a finding is shown', () => {
  test.for<[string, AnchorAnswer, string]>([
    ['where its resource is declared', { kind: 'found', location: place('main.bicep', 7) }, 'main.bicep'],
    ['at the fallback where nothing declares it', { kind: 'none' }, 'purgeproof.yaml'],
    [
      'at the fallback where code scanning cannot show the file',
      { kind: 'found', location: place('c:main.bicep') },
      'purgeproof.yaml',
    ],
  ])('%s', ([, answer, file]) => {
    expect(anchoring(answer)).toEqual({ file, notes: [] });
  });

  test('in none of several places, and they are named', () => {
    const candidates = [1, 2, 3, 4, 5].map((line) => place('main.bicep', line));
    expect(anchoring({ kind: 'ambiguous', candidates })).toEqual({
      file: 'purgeproof.yaml',
      notes: [
        'kv-a could be declared in any of main.bicep:1, main.bicep:2, main.bicep:3, main.bicep:4 and 1 more, so its findings are shown in none of them.',
      ],
    });
  });

  test('without a word about places that do not matter, since nothing is wrong', () => {
    const candidates = [place('a.tf'), place('b.tf')];
    expect(anchoring({ kind: 'ambiguous', candidates }, 'compliant').notes).toEqual([]);
  });
});
