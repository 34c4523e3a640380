import { isJsonObject, type JsonObject } from '../../src/model/json.ts';
import { badRequest } from './errors.ts';

/** A query as it came, checked. */
export interface GraphRequest {
  readonly query: string;
  readonly subscriptions?: readonly string[];
  readonly managementGroups?: readonly string[];
  readonly top: number;
  readonly skip: number;
  readonly skipToken?: string;
  readonly resultFormat: 'table' | 'objectArray';
  readonly allowPartialScopes: boolean;
  readonly authorizationScopeFilter: (typeof scopeFilters)[number];
}

const largestTop = 5000;
const scopeFilters = ['AtScopeAndBelow', 'AtScopeAndAbove', 'AtScopeAboveAndBelow', 'AtScopeExact'] as const;

/** Reads the body of a query. Throws GraphError (400) for what the service refuses. */
export function readGraphRequest(body: unknown): GraphRequest {
  if (!isJsonObject(body)) throw badRequest('InvalidRequestBody', 'The request body is not a JSON object.');
  const { query, facets } = body;
  if (typeof query !== 'string' || query.trim() === '')
    throw badRequest('EmptyQuery', 'Query should not be empty.');
  if (Array.isArray(facets) && facets.length > 0)
    throw badRequest('UnsupportedFacets', 'Facets are not emulated.');
  const options = isJsonObject(body['options']) ? body['options'] : {};
  const skipToken = options['$skipToken'];
  return {
    query,
    ...listOf(body, 'subscriptions'),
    ...listOf(body, 'managementGroups'),
    top: numberOf(options, '$top', { least: 1, otherwise: 100 }),
    skip: numberOf(options, '$skip', { least: 0, otherwise: 0 }),
    ...(typeof skipToken === 'string' && skipToken !== '' && { skipToken }),
    resultFormat: options['resultFormat'] === 'objectArray' ? 'objectArray' : 'table',
    allowPartialScopes: options['allowPartialScopes'] === true,
    authorizationScopeFilter: scopeFilterIn(options),
  };
}

function listOf(
  body: JsonObject,
  name: 'subscriptions' | 'managementGroups',
): { readonly [key: string]: string[] } {
  const list = body[name];
  if (!Array.isArray(list) || list.length === 0) return {};
  return { [name]: list.filter((item) => typeof item === 'string') };
}

function numberOf(
  options: JsonObject,
  name: string,
  range: { readonly least: number; readonly otherwise: number },
): number {
  const value = options[name] ?? range.otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= range.least) {
    if (name !== '$top' || value <= largestTop) return value;
  }
  throw badRequest('InvalidQueryOptions', `The option ${name} is out of range.`);
}

function scopeFilterIn({ authorizationScopeFilter: given }: JsonObject): (typeof scopeFilters)[number] {
  if (given === undefined) return 'AtScopeAndBelow';
  const filter = scopeFilters.find((one) => one === given);
  if (filter === undefined) throw badRequest('InvalidOptions', `Unknown authorizationScopeFilter.`);
  return filter;
}
