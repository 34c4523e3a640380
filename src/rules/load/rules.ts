import { PolicyError, type Problem } from '../../model/errors.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';
import type { Rule } from '../../model/rule.ts';
import type { PolicyFile } from '../../model/settings.ts';
import { checkExamples, missingExamples } from '../examples/judge-examples.ts';
import { readDocument } from '../../documents/read-document.ts';
import { inReadingOrder, locateAll, type SourceFile, type UserDocument } from '../../documents/document.ts';
import { tryParseFirst } from '../../documents/json/parse.ts';
import type { NamedRule } from '../find-rule.ts';
import { describeOtherFile } from './other-file.ts';
import { checkRule } from './rule-check.ts';
import { toRule } from './rule-file.ts';

/** Rules, and what in their files is suspicious but no mistake. */
export interface LoadedRules {
  readonly rules: readonly Rule[];
  readonly warnings: readonly Problem[];
  /** Definitions of Azure Policy of which no rules come, each with the reason. */
  readonly passedOver?: readonly Problem[];
  /** Finds what is at a path in the file of a rule, by the id of the rule; rules that were loaded already have none. */
  readonly places: ReadonlyMap<string, UserDocument['locate']>;
}

/** Options of loading; the defaults are right for files alone. */
export interface LoadOptions {
  /** Checks the shipped rules, too, as strictly as a user's. */
  readonly verifyBuiltIn?: boolean;
  /** False leaves the examples to whoever asks: a wrong one is no mistake of the file then. */
  readonly judgesExamples?: boolean;
  /** Rules that are loaded already: the files come on top of them, and none may have an id of theirs. */
  readonly shipped?: readonly Rule[];
}

/** Rules as far as they are right, and everything that is wrong with their files. */
export interface CheckedRules extends LoadedRules {
  readonly problems: readonly Problem[];
  /** Rules whose files are wrong, by what can be read of them. */
  readonly faulty: readonly NamedRule[];
}

/** Loads rules, as `checkRuleFiles` does. Throws PolicyError with every mistake of every file. */
export function loadRules(files: readonly PolicyFile[], options: LoadOptions = {}): LoadedRules {
  const { problems, faulty: _, ...loaded } = checkRuleFiles(files, options);
  if (problems.length > 0) throw new PolicyError(problems);
  return loaded;
}

/**
 * Loads rules, one a file. Built-in files are not checked again: the gate has proved them, and compiling the schema would
 * cost each run of the sources a tenth of a second.
 */
export function checkRuleFiles(
  files: readonly PolicyFile[],
  { verifyBuiltIn = false, shipped = [], judgesExamples = true }: LoadOptions = {},
): CheckedRules {
  const checked = files.map((file) =>
    loadFile(file, { strict: verifyBuiltIn || !file.builtIn, judgesExamples }),
  );
  const clashes = checkIds([...shipped, ...checked.flatMap(idSite)]);
  const problemsOf = ({ document, problems }: LoadedFile): readonly Problem[] => [
    ...problems,
    ...clashes.filter(({ file }) => file === document?.file),
  ];
  const isRight = (one: LoadedFile): boolean => problemsOf(one).length === 0;
  const right = checked.filter(isRight);
  return {
    rules: [...shipped, ...right.flatMap(({ rule }) => rule ?? [])],
    warnings: inReadingOrder([...files.flatMap(givenTwice), ...right.flatMap(({ warnings }) => warnings)]),
    places: new Map(
      right.flatMap(({ rule, document }) =>
        rule === undefined || document === undefined ? [] : [[rule.id, document.locate]],
      ),
    ),
    problems: inReadingOrder(checked.flatMap(problemsOf)),
    faulty: checked.filter((one) => !isRight(one)).flatMap(namesOf),
  };
}

function namesOf({ document }: LoadedFile): readonly NamedRule[] {
  const { id, name = '' } = isJsonObject(document?.value) ? document.value : {};
  return typeof id === 'string' && typeof name === 'string' ? [{ id, name }] : [];
}

function givenTwice({ file, givenAs = [] }: PolicyFile): readonly Problem[] {
  if (givenAs.length < 2) return [];
  return [{ file, line: 1, column: 1, message: `it is given as ${givenAs.join(' and as ')}, and read once` }];
}

interface LoadedFile {
  readonly builtIn: boolean;
  readonly document?: UserDocument;
  readonly rule?: Rule;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

function idSite({ document, builtIn }: LoadedFile): readonly IdSite[] {
  const id = isJsonObject(document?.value) ? document.value['id'] : undefined;
  return document === undefined || typeof id !== 'string'
    ? []
    : [{ id, location: document.locate(['id']), builtIn }];
}

function loadFile(
  { file, bytes, builtIn }: PolicyFile,
  { strict, judgesExamples }: { readonly strict: boolean; readonly judgesExamples: boolean },
): LoadedFile {
  const { document, problems } = readDocument({ file, bytes });
  if (document === undefined)
    return { builtIn, problems: explainUnread({ file, bytes }, problems), warnings: [] };
  const { mistakes, warnings } = strict ? checkRule(document.value) : { mistakes: [], warnings: [] };
  const soFar = [...problems, ...locateAll(document, mistakes)];
  if (soFar.length > 0) return { builtIn, document, problems: soFar, warnings: [] };
  const rule = toRule(document, builtIn);
  return {
    builtIn,
    document,
    rule,
    problems: strict && judgesExamples ? locateAll(document, checkExamples(rule)) : [],
    warnings: strict ? locateAll(document, [...warnings, ...missingExamples(rule)]) : [],
  };
}

/** Lines of JSON, such as a journal, are no YAML. */
function explainUnread({ file, bytes }: SourceFile, problems: readonly Problem[]): readonly Problem[] {
  const first = tryParseFirst(bytes);
  const message = first === undefined ? undefined : describeOtherFile(first);
  return message === undefined ? problems : [{ file, line: 1, column: 1, message }];
}

/** An id that is to be checked against the others. */
interface IdSite {
  readonly id: string;
  readonly location: Location;
  readonly builtIn: boolean;
}

/**
 * Checks that every id is given once, in any letter case. Along with the built-in rules, no other id may look like theirs;
 * without them, a changed copy of one may keep its id.
 */
function checkIds(sites: readonly IdSite[]): readonly Problem[] {
  const taken = new Map<string, string>();
  const reserved = sites.some(({ builtIn }) => builtIn);
  return sites.flatMap(({ id, location: place, builtIn }): readonly Problem[] => {
    const key = id.toUpperCase();
    const earlier = taken.get(key);
    if (earlier === undefined) taken.set(key, `${place.file}:${place.line}:${place.column}`);
    const clash = earlier === undefined ? '' : `; ${earlier} has it already`;
    if (reserved && !builtIn && /^AKV\d/u.test(key)) {
      return [
        {
          ...place,
          message: `"${id}" is reserved: AKV and digits make the ids of purgeproof's own rules${clash}`,
        },
      ];
    }
    return earlier === undefined ? [] : [{ ...place, message: `the id "${id}" is already used${clash}` }];
  });
}
