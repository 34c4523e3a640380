import { quotaTime } from './quota-time.ts';
import { measureReads, type ReadMeasurement } from './read-measurement.ts';
import { type Section, significant, times } from './section.ts';

const sizes = [1000, 10_000, 100_000];
const shares = [0.01, 0.1, 1];

let measured: Promise<readonly ReadMeasurement[]> | undefined;

/** Full and pushed-down reads of tenants of three sizes, of which 1, 10 and 100 % fail; measured once. */
export function readMeasurements(): Promise<readonly ReadMeasurement[]> {
  measured ??= measureAll();
  return measured;
}

async function measureAll(): Promise<readonly ReadMeasurement[]> {
  const all: ReadMeasurement[] = [];
  for (const vaults of sizes) {
    for (const failing of shares) {
      all.push(...(await measureReads({ vaults, failing }, { full: 2, pushedDown: 2 })));
    }
  }
  return all;
}

/** Requests and wall time of full and pushed-down reads. */
export async function reads(): Promise<Section> {
  const measurements = await readMeasurements();
  return {
    title: 'Live reads',
    text: [
      'Command: `purgeproof scan [--full] --output json=report.json` over 100 subscriptions. _Allowed_ is one request ' +
        'for each thousand vaults returned, plus two (targets: no more than that; at most 1.15 × the time ' +
        'that the quota alone imposes on the scan). The quota imposes nothing on the first fifteen requests. The scan is ' +
        'timed by its report, from the first request to the last verdict; the process from its start and sign-in to ' +
        'the written report, which at 100 % failing holds two findings for each vault.',
      'A request that is refused with 429 is sent again, and counts. None should be: a slot in the quota is taken to be ' +
        'free only when Azure must have released it, wherever between sending and answer Azure counts.',
    ],
    head: [
      'vaults',
      'failing',
      'read',
      'returned',
      'requests',
      'of them again',
      'allowed',
      'scan ÷ quota',
      'process ÷ quota',
      'targets',
    ],
    rows: measurements.map(readRow),
  };
}

function readRow(measurement: ReadMeasurement): readonly string[] {
  const { vaults, failing, full, returned, requests, retries, ms, scanMs } = measurement;
  const allowed = Math.ceil(returned / 1000) + 2;
  const imposed = quotaTime(requests);
  return [
    vaults.toLocaleString('en'),
    `${failing * 100} %`,
    full ? 'full' : 'pushed down',
    returned.toLocaleString('en'),
    requests.toLocaleString('en'),
    String(retries),
    allowed.toLocaleString('en'),
    ...[scanMs, ms].map((one) => (imposed === 0 ? '–' : times(one / imposed))),
    [
      ...(requests <= allowed ? [] : [`**${requests - allowed} more than allowed**`]),
      ...(imposed > 0 && scanMs > 1.15 * imposed ? ['**too slow**'] : []),
    ].join(', ') || 'met',
  ];
}

/** How much less a pushed-down read moves. */
export async function pushedDown(): Promise<Section> {
  const measurements = await readMeasurements();
  const pairs = measurements.flatMap((full) => {
    const other = measurements.find(
      (one) => !one.full && one.vaults === full.vaults && one.failing === full.failing,
    );
    return full.full && other !== undefined ? [{ full, other }] : [];
  });
  return {
    title: 'Pushed down against full',
    text: [
      'The same tenants. _Findings_ compares `findings[]` and `summary` of the two JSON reports, byte by byte. Target: ' +
        'at 1 % failing, at least 20 × fewer rows and requests. Both reads count before the first row and again after the ' +
        'last, with at least one page in between, so no read takes fewer than three requests. A full read takes twenty ' +
        'times as many from 58,000 vaults on; below that, the target is out of reach for requests.',
    ],
    head: [
      'vaults',
      'failing',
      'rows, full ÷ pushed down',
      'requests, full ÷ pushed down',
      'findings',
      'target',
    ],
    rows: pairs.map(({ full, other }) => [
      full.vaults.toLocaleString('en'),
      `${full.failing * 100} %`,
      times(full.returned / other.returned),
      `${times(full.requests / other.requests)} (${significant(full.requests)} : ${significant(other.requests)})`,
      full.digest === other.digest ? 'identical' : '**differ**',
      full.failing === 0.01 ? pushedDownTarget(full, other) : '–',
    ]),
  };
}

function pushedDownTarget(full: ReadMeasurement, other: ReadMeasurement): string {
  const missed = [
    ...(full.returned >= 20 * other.returned ? [] : ['rows']),
    ...(full.requests >= 20 * other.requests ? [] : ['requests']),
  ];
  if (full.digest !== other.digest) return '**missed**';
  return missed.length === 0 ? 'met' : `**missed** for ${missed.join(' and ')}`;
}
