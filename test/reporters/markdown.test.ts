import { expect, test } from 'vitest';
import { markdown } from '../../src/reporters/scan/markdown.ts';
import { markdownLink, markdownText } from '../../src/reporters/text/markdown.ts';
import { defaultContext, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const mixed = sharedReports['mixed']!;

test('a rule links to its page', () => {
  expect(textOf(markdown, mixed)).toContain(
    '[AKV002](https://github.com/purgeproof/purgeproof/blob/main/docs/rules/AKV002.md) purge-protection',
  );
});

test('a rule without a page is a text', () => {
  const rules = mixed.rules.map((rule) => ({ ...rule, helpUri: '' }));
  const rendered = textOf(markdown, { ...mixed, rules });
  expect(rendered).not.toContain('[AKV002]');
  expect(rendered).toContain('| AKV002 purge-protection |');
});

test.for([
  ['AzureCloud', 'https://portal.azure.com'],
  ['AzureUSGovernment', 'https://portal.azure.us'],
  ['AzureChinaCloud', 'https://portal.azure.cn'],
] as const)('a vault of %s links to its page at %s', ([cloud, portal]) => {
  const { resource } = mixed.findings.find(({ compliance }) => compliance === 'nonCompliant')!;
  const rendered = textOf(markdown, mixed, { ...defaultContext, cloud });
  expect(rendered).toContain(
    `[<code>${resource.name}</code>](${portal}/#resource${resource.id.replaceAll('(', '%28').replaceAll(')', '%29')})`,
  );
});

test('a vault of an unknown cloud, or with a foreign id, links to nothing', () => {
  expect(textOf(markdown, mixed)).not.toContain('portal.azure');
  const hostile = textOf(markdown, sharedReports['hostile']!, { ...defaultContext, cloud: 'AzureCloud' });
  const links = [...hostile.matchAll(/\]\(([^)]*)\)/g)].map(([, address = '']) => address);
  const ours =
    /^https:\/\/(?:portal\.azure\.com\/#resource\/subscriptions\/[\w./-]+|github\.com\/purgeproof\/[\w./-]+)$/;
  expect(links.filter((link) => !ours.test(link))).toEqual([]);
});

test.for(['https://x.example/a)b', 'javascript:alert(1)', 'http://x.example', 'https://x.example/a b', ''])(
  'the address %j is no link',
  (address) => {
    expect(markdownLink('text', address)).toBe('text');
  },
);

test.for(['By hand: create a vault', '2026-11-25T12:00:00Z', 'ends with:', 'a:b', '{"tag":"x"}', '12 : 30'])(
  'the colons of %j are written as they are',
  (text) => {
    expect(markdownText(text)).toBe(text);
  },
);

test.for(['::error::owned', ':tada:', 'x :+1: y', 'mailto:a', 'xmpp:a'])(
  'a colon of %j that GitHub or a build log takes for more is escaped',
  (text) => {
    expect(markdownText(text)).toContain('&#58;');
  },
);

test('a report above 1 MiB is cut, and a sentence counts what was left out', () => {
  const finding = mixed.findings.find(({ compliance }) => compliance === 'nonCompliant');
  const findings = Array.from({ length: 6000 }, (_, index) => {
    const name = `kv-${index}`;
    return { ...finding!, resource: { ...finding!.resource, name, id: `${finding!.resource.id}-${index}` } };
  });
  const rendered = textOf(markdown, { ...mixed, findings });
  expect(Buffer.byteLength(rendered)).toBeLessThanOrEqual(1024 * 1024);
  const shown = rendered.split('\n').filter((line) => /^\| \w+ \| <code>kv-\d+<\/code>/.test(line)).length;
  const leftOut =
    /Left out here: (?:([\d,]+) findings and )?evidence\. The JSON report has everything\.\n$/.exec(rendered);
  expect(leftOut).not.toBeNull();
  expect(shown + Number((leftOut?.[1] ?? '0').replaceAll(',', ''))).toBe(findings.length);
  expect(Number((leftOut?.[1] ?? '0').replaceAll(',', ''))).toBeGreaterThan(0);
});
