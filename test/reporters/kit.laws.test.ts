import { execFileSync } from 'node:child_process';
import { array, assert, constantFrom, oneof, property, record, sample, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBicep } from '../../src/iac/bicep/files.ts';
import type { Problem } from '../../src/model/errors.ts';
import { type Kit, kitPartNames, isListedPart } from '../../src/model/kit.ts';
import { restoreKit } from '../../src/remediation/kit/steps.ts';
import { parseKit } from '../../src/remediation/kit/kit-file.ts';
import { kitBicep } from '../../src/reporters/kit/bicep.ts';
import { kitCommands, kitRunbook } from '../../src/reporters/kit/restore.ts';
import { bicepValue } from '../../src/reporters/text/bicep.ts';
import { revealInvisible, wellFormed } from '../../src/reporters/text/invisible.ts';
import { shellCommand } from '../../src/reporters/text/shell.ts';
import { runs } from '../runs.ts';
import { hostileTexts } from './hostile.ts';

const shells = [
  "'; id; '",
  '$(id)',
  '`id`',
  '"',
  '\\',
  "\\'",
  '${x}',
  "'${x}'",
  '!!',
  '~',
  '*',
  '&&',
  '##[x]',
  '```',
  '-x',
  '@x',
];
const texts = [...hostileTexts.map(([, text]) => text), ...shells];
const anyText = oneof(
  constantFrom(...texts),
  string({ unit: 'binary' }),
  array(constantFrom(...texts)).map((parts) => parts.join('')),
);

/** The words that bash makes of each command. */
function wordsInBash(commands: readonly string[]): readonly string[] {
  const script = commands.map((command) => `printf '%s\\0' ${command}`).join('\n');
  const output = execFileSync('bash', { input: script, encoding: 'utf8', maxBuffer: 1e8 });
  return output.split('\0').slice(0, -1);
}

function visible(text: string): boolean {
  return text.split('\n').every((line) => revealInvisible(line) === line);
}

test('bash takes a quoted word for what it is', () => {
  const words = [...texts, ...sample(anyText, runs(4000))];
  const commands = words.map((word) => shellCommand([word]));
  expect(wordsInBash(commands)).toEqual(words.map((word) => wellFormed(word).replaceAll('\0', '\uFFFD')));
  for (const command of commands) {
    expect(visible(command) && !command.includes('\n')).toBe(true);
    expect(command).not.toMatch(/##\[|##vso/);
  }
});

test('Bicep takes a string for what it is', () => {
  assert(
    property(anyText, (text) => {
      const source = `var it = ${bicepValue(text)}\nvar other = 1\n`;
      const problems: Problem[] = [];
      const { values } = readBicep({ path: 'it.bicep', text: source }, problems);
      expect(problems).toEqual([]);
      expect([...values.keys()]).toEqual(['it', 'other']);
      expect(values.get('it')).toEqual({ kind: 'literal', value: wellFormed(text) });
      expect(visible(source)).toBe(true);
    }),
    { numRuns: runs(4000) },
  );
});

const anyKit = record({ vault: anyText, name: anyText, key: anyText, value: anyText, reason: anyText }).map(
  hostileKit,
);

interface Hostile {
  readonly vault: string;
  readonly name: string;
  readonly key: string;
  readonly value: string;
  readonly reason: string;
}

/** A kit in which every text that somebody could choose is hostile. */
function hostileKit({ vault, name, key, value, reason }: Hostile): Kit {
  const id = `/subscriptions/${value}/resourceGroups/${key}/providers/Microsoft.KeyVault/vaults/${vault}`;
  const properties = {
    [key]: value,
    list: [{ [value]: key, isSecret: true }],
    endpointBaseUrl: value,
    number: 1.5,
  };
  const items = (part: string) => [
    { id: `${id}/providers/x/${part}/${name}`, name, properties },
    { id: `${id}/secrets/s/providers/x/${part}/${name}`, name, properties },
  ];
  return {
    schemaVersion: '1.0',
    tool: { name: 'purgeproof', version: '0.0.0' },
    createdAt: '2026-11-24T12:00:00.000Z',
    cloud: 'AzureCloud',
    complete: false,
    vaults: [
      {
        id,
        name: vault,
        type: 'Microsoft.KeyVault/vaults',
        subscriptionId: value,
        resourceGroup: key,
        bicep: 'kv-1.bicep',
        parts: kitPartNames.map((part) =>
          part === 'networkRules'
            ? { name: part, state: 'notRead' as const, reason, hint: value }
            : { name: part, state: 'read' as const, items: items(part) },
        ),
      },
    ],
  };
}

/** The lines in blocks of code and outside of them, as CommonMark sees them. */
function blocksOf(text: string) {
  let fence = '';
  const inside: string[] = [];
  const outside: string[] = [];
  for (const line of text.split('\n')) {
    const [, run = ''] = /^(`{3,})(?:sh)?$/.exec(line) ?? [];
    if (fence === '') {
      fence = run;
      outside.push(line);
    } else if (run.length >= fence.length) fence = '';
    else inside.push(line);
  }
  return { inside, outside, open: fence !== '' };
}

describe('a kit of hostile texts', () => {
  test('is one resource an item in Bicep, and nothing else', () => {
    assert(
      property(anyKit, (kit) => {
        const [one] = restoreKit(kit, (file) => file).vaults;
        const text = one === undefined ? '' : [...kitBicep(one, kit)].join('');
        const problems: Problem[] = [];
        const { values } = readBicep({ path: 'kit.bicep', text }, problems);
        expect(problems).toEqual([]);
        const listed = kitPartNames.filter(isListedPart).map((part, index) => `${part}${index + 1}`);
        expect([...values.keys()].toSorted()).toEqual(['vault', ...listed].toSorted());
        expect(visible(text)).toBe(true);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('is one command a line, with nothing between', () => {
    assert(
      property(anyKit, (kit) => {
        const terminal = { color: false, width: 80 };
        const text = [
          ...kitCommands.render(
            restoreKit(kit, (file) => file),
            terminal,
          ),
        ].join('');
        expect(
          text.split('\n').filter((line) => !/^(?:#|az |purgeproof deleted recover |$)/.test(line)),
        ).toEqual([]);
        expect(visible(text)).toBe(true);
        expect(text).not.toMatch(/##\[|##vso/);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('leaves every block of the runbook closed', () => {
    assert(
      property(anyKit, (kit) => {
        const text = [...kitRunbook(restoreKit(kit, (file) => file))].join('');
        const { inside, outside, open } = blocksOf(text);
        expect(open).toBe(false);
        expect(inside.filter((line) => !/^(?:az|purgeproof) /.test(line))).toEqual([]);
        expect(outside.filter((line) => /</.test(line.replaceAll(/<\/?(?:code)>/g, '')))).toEqual([]);
        expect(visible(text)).toBe(true);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('is read again as it was written', () => {
    assert(
      property(anyText, (name) => {
        const kit = hostileKit({ vault: 'kv', name, key: 'rg', value: 's', reason: name });
        const text = JSON.stringify(kit, null, 2);
        expect(parseKit(Buffer.from(text), 'kit.json')).toEqual(
          JSON.parse(Buffer.from(text).toString('utf8')),
        );
      }),
      { numRuns: runs(500) },
    );
  });
});
