import type { Mistake, UserDocument } from '../documents/document.ts';
import { suggestion } from '../documents/suggestions.ts';
import { shown } from '../documents/value-wording.ts';
import type { Json } from '../model/json.ts';
import type { Condition, ParameterDefinition } from '../model/rule.ts';
import { readTemplate } from '../rules/condition/template.ts';
import { checkText } from './check-expression.ts';
import { conditionReader, type ConditionReader, type FieldSite } from './condition-reader.ts';
import { effectNamed, effectWords, meaningOf, modeReason } from './effects.ts';
import { type PolicyEntry, isObjectEntry, entryAt, objectIn, type ObjectEntry } from './entries.ts';
import type { FoundDefinition } from './find-definitions.ts';
import { type PolicyWords, policyWords } from './policy-words.ts';
import { readCondition } from './read-condition.ts';
import { readParameters } from './read-parameters.ts';

/** A definition of Azure Policy as it was read, before it is known what it is about. */
export interface Definition extends PolicyWords {
  readonly document: UserDocument;
  readonly entry: ObjectEntry;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  /** Its `if`; absent where that is wrong. Fields have the names that are written. */
  readonly condition?: Condition;
  readonly fields: readonly FieldSite[];
  readonly effect: Json;
  /** Sentences: why nothing can be judged by it, whatever its parameters. */
  readonly reasons: readonly string[];
  readonly mistakes: readonly Mistake[];
}

/** Reads one definition of a document. Never throws. */
export function readDefinition(
  { entry }: Pick<FoundDefinition, 'entry'>,
  document: UserDocument,
  earlier: readonly Mistake[],
): Definition {
  const body = objectIn(entry, 'properties') ?? entry;
  const { parameters, names, mistakes: inParameters } = readParameters(body);
  const reader = conditionReader(names);
  const rule = entryAt(body, 'policyRule') ?? entry;
  const condition = readIf(rule, reader);
  const effect = readEffect(rule, parameters, reader);
  const mode = readMode(body, reader);
  const { mistakes, fields, reasons } = reader.findings();
  return {
    ...policyWords(entry, document.file),
    document,
    entry,
    parameters,
    ...(condition === undefined ? {} : { condition }),
    fields,
    effect,
    reasons: [modeReason(mode) ?? [], effectReason(effect, parameters), reasons].flat(),
    mistakes: [...earlier, ...inParameters, ...mistakes],
  };
}

function readIf(rule: PolicyEntry, reader: ConditionReader): Condition | undefined {
  if (!isObjectEntry(rule)) {
    reader.mistake(rule.path, `"policyRule" takes an object with if and then, not ${shown(rule.value)}`);
    return undefined;
  }
  const condition = entryAt(rule, 'if');
  if (condition === undefined) {
    reader.mistake(rule.path, 'the rule has no "if", so it is about nothing');
    return undefined;
  }
  return readCondition(condition, [], reader)[0];
}

/** A single effect in a list counts as the effect. */
function readEffect(rule: PolicyEntry, parameters: Definition['parameters'], reader: ConditionReader): Json {
  const then = entryAt(rule, 'then');
  const written = then === undefined ? undefined : entryAt(then, 'effect');
  if (written === undefined) {
    if (isObjectEntry(rule)) reader.mistake((then ?? rule).path, 'the rule has no effect under "then"');
    return '';
  }
  const { path } = written;
  const value = Array.isArray(written.value) && written.value.length === 1 ? written.value[0] : written.value;
  if (typeof value !== 'string') {
    reader.mistake(path, `"effect" takes a word, not ${shown(written.value)}`);
    return '';
  }
  const template = readTemplate(value);
  if (!('literal' in template)) checkText(value, { path, counts: [] }, reader);
  const usual = 'parameter' in template ? parameters[template.parameter]?.default : value;
  if (typeof usual === 'string' && !('unsupported' in template)) checkEffect(usual, path, reader);
  return value;
}

function checkEffect(word: string, path: PolicyEntry['path'], reader: ConditionReader): void {
  if (effectNamed(word) === undefined)
    reader.mistake(path, `${shown(word)} is no effect of Azure Policy${suggestion(word, effectWords)}`);
}

/** Azure takes a definition without a mode for an indexed one. */
function readMode(body: PolicyEntry, reader: ConditionReader): string {
  const mode = entryAt(body, 'mode');
  if (mode === undefined || mode.value === null) return 'Indexed';
  if (typeof mode.value !== 'string') {
    reader.mistake(mode.path, `"mode" takes text such as Indexed or All, not ${shown(mode.value)}`);
    return 'Indexed';
  }
  if (modeReason(mode.value) === undefined || mode.value.includes('.')) return mode.value;
  const hint = suggestion(mode.value, ['All', 'Indexed']);
  reader.mistake(mode.path, `${shown(mode.value)} is no mode of Azure Policy${hint}`);
  return 'Indexed';
}

/** An effect that no value of a parameter can turn into one that judges. */
function effectReason(
  effect: Json,
  parameters: Readonly<Record<string, ParameterDefinition>>,
): readonly string[] {
  if (typeof effect !== 'string' || effect === '') return [];
  const template = readTemplate(effect);
  const { allowedValues: possible } =
    'parameter' in template
      ? (parameters[template.parameter] ?? {})
      : { allowedValues: 'literal' in template ? [effect] : undefined };
  const meanings = (possible ?? [])
    .flatMap((word) => (typeof word === 'string' ? (effectNamed(word) ?? []) : []))
    .map(meaningOf);
  const first = meanings.find(({ kind }) => kind === 'notEvaluated');
  return first?.kind === 'notEvaluated' && meanings.every(({ kind }) => kind !== 'judges')
    ? [first.reason]
    : [];
}
