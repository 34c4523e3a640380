import { tryParseJson } from '../documents/json/parse.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { FailureDetail } from '../model/refusal.ts';

/** The contents of an error answer's body, in any shape. */
export interface ErrorBody {
  /** Azure's code, the specific one of a nested error; empty where the body is not of Azure's shape. */
  readonly code: string;
  /** For a body that is not of Azure's shape its message, or its beginning; empty for an empty body. */
  readonly message: string;
  /** The innermost code of `innererror`, by which Key Vault tells its refusals apart; empty where there is none. */
  readonly innerCode: string;
  /** Everything below the error itself, outermost first. */
  readonly details: readonly FailureDetail[];
  /** Names of the policies in `additionalInfo[]` of type PolicyViolation, at any depth, in quotation marks. */
  readonly policies: readonly string[];
}

/** Reads the body of an error answer. Never throws: gateways, proxies and load balancers answer as they like. */
export function readErrorBody(text: string): ErrorBody {
  const parsed = tryParseJson(text.replace(/^\uFEFF/, ''));
  const body = Array.isArray(parsed) ? parsed[0] : parsed;
  const read = isJsonObject(body) ? readObject(body) : silent;
  return read.code === '' && read.message === '' ? { ...read, message: describePage(text) } : read;
}

const silent: ErrorBody = { code: '', message: '', innerCode: '', details: [], policies: [] };

function readObject(body: JsonObject): ErrorBody {
  const nested = body['error'] ?? body['odata.error'] ?? body['fault'];
  if (!isJsonObject(nested)) return { ...silent, code: codeOf(body), message: messageOf(body) };
  const inner = errorsIn(nested, mostNested);
  const details = inner.map((detail) => ({ code: codeOf(detail), message: messageOf(detail) }));
  // Resource Graph says "please provide below info" outside, and what went wrong inside.
  const isEnvelope = messageOf(nested).startsWith('Please provide below info');
  const telling = isEnvelope ? details[0] : undefined;
  return {
    code: telling?.code ?? codeOf(nested),
    message: telling?.message ?? messageOf(nested),
    innerCode: innerCodeOf(nested, mostNested),
    details: telling === undefined ? details : details.slice(1),
    policies: [...new Set([nested, ...inner].flatMap(policiesOf))],
  };
}

/** The code of a gateway is a number, or the name of an OAuth error, and none of Azure's. */
function codeOf(error: JsonObject): string {
  return text(error['code']) || text(error['Code']);
}

/** `message` and its spellings elsewhere: ASP.NET, OAuth, RFC 9457 problem details, Apigee. */
function messageOf(error: JsonObject): string {
  const keys = ['message', 'Message', 'error_description', 'detail', 'title', 'faultstring', 'error'];
  return keys.map((key) => text(error[key])).find((found) => found !== '') ?? '';
}

const mostNested = 8;

/** The errors in `details`, and those in them. */
function errorsIn(error: JsonObject, depth: number): readonly JsonObject[] {
  if (depth === 0) return [];
  return list(error['details'])
    .filter(isJsonObject)
    .flatMap((detail) => [detail].concat(errorsIn(detail, depth - 1)));
}

/** OData nests `innererror` in itself. */
function innerCodeOf(error: JsonObject, depth: number): string {
  const inner = error['innererror'] ?? error['innerError'];
  if (depth === 0 || !isJsonObject(inner)) return '';
  return innerCodeOf(inner, depth - 1) || codeOf(inner);
}

function policiesOf(error: JsonObject): readonly string[] {
  return list(error['additionalInfo']).flatMap((entry) => {
    const info = isJsonObject(entry) ? entry['info'] : undefined;
    return isJsonObject(info) ? policyName(info) : [];
  });
}

function policyName(info: JsonObject): readonly string[] {
  const names = ['policyDefinitionDisplayName', 'policyDefinitionName', 'policyAssignmentDisplayName'];
  const name = names.map((key) => text(info[key])).find((found) => found !== '');
  return name === undefined ? [] : [`"${name}"`];
}

/** OData wraps a message as `{lang, value}`. */
function text(value: Json | undefined): string {
  if (isJsonObject(value)) return text(value['value']);
  return typeof value === 'string' ? value : '';
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** More of a page is not read for its title, nor shown. */
const mostRead = 16_384;
const mostShown = 200;

/** A one-line summary of a body that is not JSON: the title of a page, the message of an XML error, or its first text. */
function describePage(body: string): string {
  const page = body.slice(0, mostRead);
  const title = inside(page, 'title') || inside(page, 'h1');
  if (title !== '') return `a page titled "${title}"`;
  const message = inside(page, 'message');
  if (message !== '') return [inside(page, 'code'), message].filter((part) => part !== '').join(': ');
  const words = plain(page);
  return words === '' ? '' : `"${words}"`;
}

/** The text of the first element of that name; empty where there is none. */
function inside(page: string, name: string): string {
  const start = new RegExp(`<${name}(?:\\s[^<>]*)?>`, 'i').exec(page);
  if (start === null) return '';
  const from = start.index + start[0].length;
  const end = page.toLowerCase().indexOf(`</${name}`, from);
  return end < 0 ? '' : plain(page.slice(from, end));
}

/** Text without its markup, on one line. */
function plain(markup: string): string {
  const words = markup
    .replaceAll(/<!--[^]*?-->|<(script|style)\b[^]*?<\/\1\s*>|<[^<>]*>/gi, ' ')
    .replaceAll(/&(#39|amp|apos|gt|lt|nbsp|quot);/g, (whole, name: string) => entities[name] ?? whole)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words.length > mostShown ? `${words.slice(0, mostShown)}…` : words;
}

const entities: Readonly<Record<string, string>> = {
  '#39': "'",
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
};
