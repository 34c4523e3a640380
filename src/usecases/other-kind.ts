import { type DocumentKind, documentWords, recogniseDocument } from '../documents/document-kind.ts';
import { useHint } from '../documents/document-use.ts';
import type { SourceFile } from '../documents/document.ts';
import { tryParseFirst } from '../documents/json/parse.ts';
import { UsageError } from '../model/errors.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { reportBeginnings } from '../reporters/scan/beginnings.ts';
import { shellPath } from '../reporters/text/shell.ts';

/** A kind of document that commands take, or a form of code. */
export type WantedKind = keyof typeof documentWords | keyof typeof codeWords;

/** The error for a file that is a document of another kind than is wanted; `undefined` for one of no kind that is known. */
export async function otherKind(wanted: WantedKind, file: SourceFile): Promise<UsageError | undefined> {
  const found = await recogniseFile(file);
  const [words, ...others] = wantedWords(wanted);
  if (found === undefined || found.what === words || others.includes(found.what)) return undefined;
  return new UsageError(`${file.file} is ${found.what}, not ${words}.`, useHint(found, shellPath(file.file)));
}

function wantedWords(wanted: WantedKind): readonly [string, ...string[]] {
  return isCode(wanted) ? codeWords[wanted] : [documentWords[wanted]];
}

function isCode(wanted: WantedKind): wanted is keyof typeof codeWords {
  return wanted in codeWords;
}

/** Recognises JSON, lines of JSON by the first one, YAML, and texts by how they begin. */
async function recogniseFile(file: SourceFile): Promise<DocumentKind | undefined> {
  const value = tryParseFirst(file.bytes) ?? (await parseYaml(file));
  const found = value === undefined ? undefined : recogniseDocument(value);
  if (found !== undefined) return found;
  const text = recogniseBeginning(file);
  return isJsonObject(value) && text === infrastructureCode ? undefined : text;
}

/** Recognises a text that is neither JSON nor YAML by how it begins. */
export function recogniseBeginning({ bytes }: SourceFile): DocumentKind | undefined {
  const beginning = new TextDecoder().decode(bytes.subarray(0, longestBeginning));
  if (Object.values(otherFormats).some((pattern) => pattern.test(beginning))) return otherReport;
  if (code.test(beginning)) return infrastructureCode;
  return markup.test(beginning) ? markupText : undefined;
}

/** In bytes: code may begin with a long comment. */
const longestBeginning = 16 * 1024;

const otherReport: DocumentKind = {
  name: 'other',
  what: 'a report in a format that no command reads',
  purpose: 'have the report that other commands read',
  command: 'purgeproof scan --output json=report.json',
};

const infrastructureCode: DocumentKind = {
  name: 'other',
  what: 'Bicep or Terraform code',
  purpose: 'scan it',
  command: 'purgeproof scan --source <folder>',
};

/** The words for forms of code, and those of further kinds of document that may be one. */
const codeWords = {
  template: ['an ARM template'],
  bicep: ['a Bicep file', infrastructureCode.what, 'an ARM template'],
  parameters: ['a parameter file', 'a parameter file of an ARM template'],
  terraform: ['the JSON of a Terraform plan', 'a plan or the state of Terraform'],
} as const satisfies Readonly<Record<string, readonly [string, ...string[]]>>;

const markupText: DocumentKind = { name: 'other', what: 'XML or HTML' };
const markup = /^\s*<[!?a-z]/iu;

/** One in JSON that was not recognised by then is cut short or damaged, and its place is told by who reads it. */
const { json: _, ...otherFormats } = reportBeginnings;

/** Lines with which a declaration in Bicep or Terraform begins. */
const code =
  /^(?:(?:resource|module|param|data|variable|provider)\s+["\w]|targetScope\s*=|using\s+'|terraform\s*\{)/m;

/** More than people write by hand. */
const longestYaml = 1024 * 1024;

/** The reader of YAML takes long to load, and only a refusal needs it. */
async function parseYaml(file: SourceFile): Promise<Json | undefined> {
  if (file.bytes.length > longestYaml) return undefined;
  const { readDocument } = await import('../documents/read-document.ts');
  return readDocument(file).document?.value;
}
