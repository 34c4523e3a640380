import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openArchive, openArchiveToAdd } from '../../src/files/archive/scan-archive.ts';
import type { ScanArchive } from '../../src/model/archive.ts';
import { withoutRightsOn } from '../ordinary-user.ts';

let cwd: string;
const place = { folder: 'audit', cwd: '' };

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-archive-'));
  place.cwd = cwd;
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const restore = 'Restore archive.json from a backup, or write this line into it: {"purgeproofArchive":"1.0"}';

/** A scan of some vaults on a day, of which those in `changed` are not as on the others. */
function scanOf(day: number, changed: readonly number[] = []): readonly string[] {
  return [
    JSON.stringify({ report: { day } }),
    ...Array.from({ length: 200 }, (_, index) => {
      const secret = createHash('sha256').update(String(index)).digest('hex');
      const tags = { owner: changed.includes(index) ? `team-${day}` : 'nobody' };
      return JSON.stringify({ resource: { id: `kv-${index}`, body: { secret, tags, on: true } } });
    }),
  ];
}

function headOf(day: number, rest: { readonly complete?: boolean; readonly series?: string } = {}) {
  const startedAt = new Date(Date.UTC(2026, 0, day, 2, 0, 0, 7)).toISOString();
  return { startedAt, complete: true, series: 'all', ...rest };
}

function filesIn(folder = 'audit'): readonly string[] {
  return readdirSync(join(cwd, folder))
    .filter((name) => name.endsWith('.gz'))
    .toSorted();
}

function firstLineOf(file: string): { readonly archivedScan: { readonly parent?: string } } {
  const text = gunzipSync(readFileSync(join(cwd, 'audit', file))).toString();
  return JSON.parse(text.slice(0, text.indexOf('\n')));
}

async function readAll(archive: ScanArchive): Promise<readonly (readonly string[])[]> {
  const scans: (readonly string[])[] = [];
  for (const name of await archive.list()) scans.push(await archive.read(name));
  return scans;
}

describe('an archive', () => {
  test('gives back what was added, in the order of the scans, whoever opens it', async () => {
    const archive = await openArchiveToAdd(place);
    const scans = [1, 2, 3, 4].map((day) => scanOf(day, [day, day + 50]));
    for (const day of [1, 3, 2, 4]) await archive.add(headOf(day), scans[day - 1]!);
    expect(await readAll(await openArchive(place))).toEqual(scans);
    expect((await archive.list()).map(({ startedAt }) => startedAt)).toEqual(
      [1, 2, 3, 4].map((day) => headOf(day).startedAt),
    );
  });

  test('stores what did not change once, and begins anew when the changes are four times as large as the whole', async () => {
    const archive = await openArchiveToAdd(place);
    for (let day = 1; day <= 20; day += 1) await archive.add(headOf(day), scanOf(day, [day]));
    const isWhole = filesIn().map((file) => firstLineOf(file).archivedScan.parent === undefined);
    const size = (file: string): number => statSync(join(cwd, 'audit', file)).size;
    const blocks = Math.ceil(size(filesIn()[0]!) / 4096);
    expect(blocks).toBeGreaterThan(1);
    expect(isWhole.flatMap((whole, index) => (whole ? [index] : []))).toEqual(
      [0, 1, 2, 3, 4].map((nth) => nth * (4 * blocks + 1)).filter((index) => index < 20),
    );
    for (const file of filesIn().filter((_, index) => !isWhole[index])) expect(size(file)).toBeLessThan(700);
    expect(await readAll(archive)).toHaveLength(20);
  });

  test('a name is the start of the scan and the hash of the file', async () => {
    const archive = await openArchiveToAdd(place);
    const { path } = await archive.add(headOf(1), scanOf(1));
    const [file = ''] = filesIn();
    expect(path).toBe(join('audit', file));
    const hash = createHash('sha256')
      .update(readFileSync(join(cwd, path)))
      .digest('hex');
    expect(file).toBe(`2026-01-01T02-00-00.007Z.${hash}.ndjson.gz`);
  });

  test('a scan builds on the last complete one of its series', async () => {
    const archive = await openArchiveToAdd(place);
    await archive.add(headOf(1), scanOf(1));
    await archive.add(headOf(2, { complete: false }), scanOf(2).slice(0, 20));
    await archive.add(headOf(3, { series: 'other' }), scanOf(3, [5]));
    await archive.add(headOf(4), scanOf(4, [7]));
    const parents = filesIn().map((file) => firstLineOf(file).archivedScan.parent?.slice(0, 10));
    expect(parents).toEqual([undefined, '2026-01-01', undefined, '2026-01-01']);
  });

  test('two scans that add at once do not harm each other', async () => {
    const opened = await Promise.all([1, 2, 3].map(async () => openArchiveToAdd(place)));
    await Promise.all(opened.map((archive, index) => archive.add(headOf(index + 1), scanOf(index + 1))));
    await Promise.all(
      opened.map((archive, index) => archive.add(headOf(index + 4), scanOf(index + 4, [index]))),
    );
    const archive = await openArchive(place);
    expect(await archive.list()).toHaveLength(6);
    expect(await readAll(archive)).toEqual([
      ...[1, 2, 3].map((day) => scanOf(day)),
      ...[4, 5, 6].map((day, index) => scanOf(day, [index])),
    ]);
  });
});

describe('what is damaged is named, and never believed', () => {
  const flip = (path: string): void => {
    const bytes = readFileSync(path);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    writeFileSync(path, bytes);
  };
  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ['a bit is flipped', flip],
    ['it is cut short', (path) => truncateSync(path, statSync(path).size - 1)],
    ['it is empty', (path) => truncateSync(path, 0)],
    ['it is gone', (path) => rmSync(path)],
    ['it has the name of another day', (path) => renameSync(path, path.replace('2026-01-01', '2026-01-03'))],
  ];

  test.for(damages)('%s', async ([, damage]) => {
    const archive = await openArchiveToAdd(place);
    for (const day of [1, 2]) await archive.add(headOf(day), scanOf(day, [day]));
    const names = await archive.list();
    const [first] = filesIn();
    damage(join(cwd, 'audit', first!));
    const opened = await openArchive(place);
    for (const name of names)
      await expect(opened.read(name)).rejects.toMatchObject({
        name: 'UsageError',
        message: expect.stringContaining(`${join('audit', first!)} is damaged: `),
      });
    await expect(opened.read(names[1]!)).rejects.toThrow(
      `${join('audit', names[1]!.file)} is stored as changes to it`,
    );
  });

  test.for<[string, (file: string) => string]>([
    ['another day', (file) => file.replace('2026-01-02', '2026-01-03')],
    ['an earlier day than all others', (file) => file.replace('2026-01-02', '2025-01-01')],
    ['another time', (file) => file.replace('T02-00', 'T03-00')],
    ['another hash', (file) => file.replace(/[0-9a-f]{64}/, 'f'.repeat(64))],
    ['a name of no scan', () => 'backup of january.ndjson.gz'],
    ['another ending', (file) => `${file}.bak`],
    ['capitals', (file) => file.toUpperCase()],
  ])('a scan that was renamed by hand, to %s, is told wherever it counts', async ([, rename]) => {
    const archive = await openArchiveToAdd(place);
    for (const day of [1, 2, 4]) await archive.add(headOf(day), scanOf(day, [day]));
    const [, second = ''] = filesIn();
    const renamed = rename(second);
    renameSync(join(cwd, 'audit', second), join(cwd, 'audit', renamed));
    const opened = await openArchive(place);
    const names = await opened.list();
    const found = names.filter(({ file }) => file === renamed);
    expect(names).toHaveLength(3);
    expect(found).toEqual([{ file: renamed, startedAt: headOf(2).startedAt }]);
    const error = await opened.read(found[0]!).catch((reason: unknown) => reason);
    // Of a hash that fits nothing the name alone does not tell whether it or the bytes were changed.
    const expected = renamed.includes('fff')
      ? { message: 'is damaged: its name was made from other bytes than it holds.', hint: 'Restore it' }
      : {
          message: `was renamed: it holds the scan of ${headOf(2).startedAt}, and its name says otherwise.`,
          hint: `Give it its name again: ${second}`,
        };
    expect(error).toMatchObject({
      name: 'UsageError',
      message: `${join('audit', renamed)} ${expected.message}`,
      hint: expect.stringContaining(expected.hint),
    });
    // The one that is stored as changes to it, and nothing else.
    expect(await opened.read(names[0]!)).toEqual(scanOf(1, [1]));
    await expect(opened.read(names[2]!)).rejects.toThrow(second);
    renameSync(join(cwd, 'audit', renamed), join(cwd, 'audit', second));
    expect(await readAll(await openArchive(place))).toEqual([1, 2, 4].map((day) => scanOf(day, [day])));
  });

  test('a copy of a scan under another name, and what is no scan, is left alone', async () => {
    const archive = await openArchiveToAdd(place);
    for (const day of [1, 2]) await archive.add(headOf(day), scanOf(day, [day]));
    const bytes = readFileSync(join(cwd, 'audit', filesIn()[0]!));
    for (const name of ['copy.gz', filesIn()[0]!.replace('01-01', '01-09')])
      writeFileSync(join(cwd, 'audit', name), bytes);
    writeFileSync(join(cwd, 'audit/notes.txt'), 'mine');
    writeFileSync(join(cwd, 'audit/other.ndjson.gz'), gzipSync('{"a":1}'));
    writeFileSync(join(cwd, 'audit/.purgeproof-1.part'), bytes);
    mkdirSync(join(cwd, 'audit/folder'));
    expect(await readAll(await openArchive(place))).toEqual([1, 2].map((day) => scanOf(day, [day])));
  });

  test('a scan that builds on a file outside of the archive', async () => {
    const archive = await openArchiveToAdd(place);
    await archive.add(headOf(1), scanOf(1));
    const head = { ...headOf(2), parent: '../outside' };
    const bytes = gzipSync(`${JSON.stringify({ archivedScan: head })}\n{"copy":[0,1]}\n`);
    writeFileSync(join(cwd, 'outside'), bytes);
    const hash = createHash('sha256').update(bytes).digest('hex');
    const file = `${head.startedAt.replaceAll(':', '-')}.${hash}.ndjson.gz`;
    writeFileSync(join(cwd, 'audit', file), bytes);
    await expect(archive.read({ file, startedAt: head.startedAt })).rejects.toThrow(
      `outside is damaged: its name is not that of a scan. ${join('audit', file)} is stored as changes to it.`,
    );
  });

  test('a scan does not build on what is damaged, and says so', async () => {
    await (await openArchiveToAdd(place)).add(headOf(1), scanOf(1));
    const [first] = filesIn();
    flip(join(cwd, 'audit', first!));
    const archive = await openArchiveToAdd(place);
    const { damaged } = await archive.add(headOf(2), scanOf(2));
    expect(damaged).toEqual([join('audit', first!)]);
    expect(await archive.read((await archive.list())[1]!)).toEqual(scanOf(2));
  });
});

describe('a folder that is no archive', () => {
  test('holds other files: nothing is added to it', async () => {
    mkdirSync(join(cwd, 'audit'));
    writeFileSync(join(cwd, 'audit/notes.txt'), 'mine');
    await expect(openArchiveToAdd(place)).rejects.toThrow(
      'audit is not an archive of scans: it holds notes.txt.',
    );
    await expect(openArchive(place)).rejects.toThrow('audit is not an archive of scans.');
  });

  test('is a file', async () => {
    writeFileSync(join(cwd, 'audit'), '');
    await expect(openArchiveToAdd(place)).rejects.toThrow('part of the path is not a folder');
    await expect(openArchive(place)).rejects.toThrow('audit is not an archive of scans.');
  });

  test('is what a scan that was killed has left: it is used', async () => {
    mkdirSync(join(cwd, 'audit'));
    writeFileSync(join(cwd, 'audit/.purgeproof-1.part'), 'half');
    const archive = await openArchiveToAdd(place);
    await archive.add(headOf(1), scanOf(1));
    expect(await readAll(archive)).toEqual([scanOf(1)]);
  });

  test('what killed scans have left is taken out a day later, and not while it may still be written', async () => {
    mkdirSync(join(cwd, 'audit'));
    const hours = { old: 25, young: 23 };
    for (const [name, age] of Object.entries(hours)) {
      const file = join(cwd, `audit/.purgeproof-${name}.part`);
      writeFileSync(file, 'half');
      const then = new Date(Date.parse(headOf(2).startedAt) - age * 3_600_000);
      utimesSync(file, then, then);
    }
    await (await openArchiveToAdd(place)).add(headOf(2), scanOf(2));
    expect(readdirSync(join(cwd, 'audit')).filter((name) => name.endsWith('.part'))).toEqual([
      '.purgeproof-young.part',
    ]);
  });

  test.for(['2.0', '10.1', '1', 'x'])('is of version %s', async (version) => {
    mkdirSync(join(cwd, 'audit'));
    writeFileSync(join(cwd, 'audit/archive.json'), JSON.stringify({ purgeproofArchive: version }));
    for (const open of [openArchive, openArchiveToAdd])
      await expect(open(place)).rejects.toMatchObject({
        message: `audit is an archive of version ${version}, and this purgeproof knows version 1.`,
        hint: expect.stringContaining('Update purgeproof'),
      });
  });

  test('does not say what it is', async () => {
    mkdirSync(join(cwd, 'audit'));
    writeFileSync(join(cwd, 'audit/archive.json'), '{}');
    await expect(openArchive(place)).rejects.toMatchObject({
      message: 'Cannot read the archive audit: archive.json does not say what it is.',
      hint: restore,
    });
  });

  test('has lost the file that makes it an archive: how to write it again is said, and no other folder is asked for', async () => {
    await (await openArchiveToAdd(place)).add(headOf(1), scanOf(1));
    const text = readFileSync(join(cwd, 'audit/archive.json'), 'utf8');
    rmSync(join(cwd, 'audit/archive.json'));
    for (const open of [openArchive, openArchiveToAdd])
      await expect(open(place)).rejects.toMatchObject({
        message: 'Cannot read the archive audit: it holds archived scans, and its archive.json is missing.',
        hint: restore,
      });
    expect(`${restore.slice(restore.indexOf('{'))}\n`).toBe(text);
  });

  test('cannot be written: that is known before anything is read, and nothing is left behind', async () => {
    mkdirSync(join(cwd, 'audit'));
    for (const folder of [cwd, join(cwd, 'audit')]) chmodSync(folder, 0o555);
    await withoutRightsOn(join(cwd, 'audit'), async () => {
      await expect(openArchiveToAdd(place)).rejects.toThrow(
        'Cannot write audit/archive.json: permission denied.',
      );
    });
    expect(readdirSync(join(cwd, 'audit'))).toEqual([]);
  });

  test('looking at a new one makes nothing', async () => {
    await openArchiveToAdd(place);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
