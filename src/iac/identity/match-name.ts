import type { Gap, NamePattern } from '../evaluation/name-pattern.ts';

/** True when the whole of `name` fits; both are in lower case. Linear in the name for each part of the pattern. */
export function matchesName(pattern: NamePattern, name: string): boolean {
  const [first, last] = [pattern[0], pattern.at(-1)];
  if (typeof first === 'string' && !name.startsWith(first)) return false;
  if (typeof last === 'string' && !name.endsWith(last)) return false;
  let reached = new Set([0]);
  for (const part of pattern) {
    reached = typeof part === 'string' ? afterLiteral(part, name, reached) : afterGap(part, name, reached);
  }
  return reached.has(name.length);
}

/** The number of letters and digits outside the gaps of a pattern. */
export function literalLength(pattern: NamePattern): number {
  return pattern.reduce(
    (sum, part) => sum + (typeof part === 'string' ? part.replace(/[^\p{L}\p{N}]/gu, '').length : 0),
    0,
  );
}

function afterLiteral(literal: string, text: string, from: ReadonlySet<number>): Set<number> {
  const reached = new Set<number>();
  for (const at of from) if (text.startsWith(literal, at)) reached.add(at + literal.length);
  return reached;
}

function afterGap({ min, max, plain, base32 }: Gap, text: string, from: ReadonlySet<number>): Set<number> {
  const reached = new Set<number>();
  const admitted = base32 === true ? /[a-z2-7]/ : /[a-z0-9]/;
  for (const at of from) {
    const end = Math.min(text.length, at + max);
    for (let next = at; next <= end; next += 1) {
      if (plain && next > at && !admitted.test(text[next - 1] ?? '')) break;
      if (next >= at + min) reached.add(next);
    }
    if (max === Infinity && !plain) break;
  }
  return reached;
}

/** So many letters besides the words of naming conventions make a name that is known by them. */
const fewestLetters = 3;

/** Names in Azure are shorter: text after this length is not part of one. */
const longestName = 100;

/**
 * True when the words of a pattern distinguish a vault from others. `kv-*`, `*-kv-prod` and `kv-*-westeurope` could be anybody's
 * vault; `kv-*-payments` is known by its name.
 */
export function isDistinctive(pattern: NamePattern): boolean {
  const words = pattern.flatMap((part) =>
    typeof part === 'string'
      ? part
          .slice(0, longestName)
          .toLowerCase()
          .split(/[^\p{L}]+/u)
      : [],
  );
  // Single letters are what conventions leave over: `s-kv-*`, `kvx`.
  const letters = words.map(uncommonLetters).filter((count) => count > 1);
  return letters.reduce((sum, count) => sum + count, 0) >= fewestLetters;
}

/**
 * True when all that a pattern leaves open are stretches of a known length of invented letters and digits, as
 * `uniqueString` and `random_string` make them. Such a pattern is not a name, but a name that fits it is not a coincidence
 * where there is other evidence.
 */
export function isInvented(pattern: NamePattern): boolean {
  let invented = 0;
  for (const part of pattern) {
    if (typeof part === 'string') continue;
    if (!part.plain || part.min !== part.max) return false;
    invented += part.min;
  }
  return (
    invented >= fewestInvented && pattern.some((part) => typeof part === 'string' && /[a-z]{2}/i.test(part))
  );
}

/** Fewer invented characters than this may be another name's word. */
const fewestInvented = 8;

const things =
  'key keys keyvault kv kvt akv vault vaults vlt hsm mhsm secret secrets cert certs cmk encryption azure rg res resource resources';
const stages =
  'dev develop development test testing tst qa uat preprod stg stage staging prd prod production live demo sandbox sbx poc lab perf nonprod acc acceptance canary';
const roles =
  'app apps application web api apis backend frontend front back svc service services func function functions data db database sql storage tfstate core shared common hub spoke platform infra infrastructure network security devops mgmt management monitoring logs main primary secondary base default global central environment workload project system team company internal external public private admin users client server customer backup cluster aks iot gateway identity';
const places =
  'east west north south southeast northeast southwest northwest europe us usa uk asia america africa pacific japan korea india france germany norway sweden switzerland poland italy spain israel qatar uae brazil canada australia mexico austria newzealand indonesia malaysia taiwan chile china belgium denmark finland greece gov virginia arizona texas iowa region location euap jio';
/** Too short to be found within other words: abbreviations of regions, stages and the like. */
const abbreviations =
  'az sit int pre ci pr np dr id ai ml vm sys net sec ops env log org corp user state prj product instance inst num no v ver version we ne eu emea apac weu neu euw eun eus wus cus scus ncus wcus use usw usc uks ukw frc frs gwc gn noe now sdc sds swn sww jpe jpw aue ause auc aus sea ea eas cin sin win cac cae brs bra zan uan ilc itn plc qac spc mxc krc krs san de fr jp au ca br in sg ch se pl it es il za kr nl dk fi dod';

const joinable: ReadonlySet<string> = new Set([things, stages, roles, places].join(' ').split(' '));
const whole: ReadonlySet<string> = new Set(abbreviations.split(' '));
const longest = Math.max(...[...joinable].map(({ length }) => length));

/**
 * The number of letters of a word (in lower case) that are not words of naming conventions: kinds of resource, stages, roles and
 * regions, which every estate has many vaults with, alone or joined to others as in `kvprod` and `prodwesteurope`.
 */
function uncommonLetters(word: string): number {
  if (whole.has(word)) return 0;
  const begins = joinedFrom(word);
  const ends = joinedFrom(word, 'end').map((length) => word.length - length);
  const between = begins.flatMap((from) => ends.filter((to) => to >= from).map((to) => to - from));
  return Math.min(word.length, ...between);
}

/** The lengths of everything at the start, or at the end, of a word that consists of common words alone. */
function joinedFrom(word: string, side: 'start' | 'end' = 'start'): readonly number[] {
  const lengths = [0];
  for (const reached of lengths) {
    for (let length = 2; length <= longest && reached + length <= word.length; length += 1) {
      const total = reached + length;
      const piece =
        side === 'start'
          ? word.slice(reached, total)
          : word.slice(word.length - total, word.length - reached);
      if (joinable.has(piece) && !lengths.includes(total)) lengths.push(total);
    }
  }
  return lengths;
}
