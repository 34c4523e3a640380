import type { JsonObject } from '../../src/model/json.ts';
import { param, type Operation } from '../operation.ts';
import { armError, authorizationFailed, page, subscriptionNotFound } from '../responses.ts';
import { readableResources } from '../rights/readable.ts';
import { reaches } from '../rights/rights.ts';
import { findSubscription } from '../tenant.ts';

/** `GET /subscriptions/{s}/resources?$filter=…`: rows without `properties`, which is what `az keyvault list` shows. */
export const listResources: Operation = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/resources',
  apiVersions: ['2015-11-01', '2019-10-01', '2020-06-01', '2021-04-01', '2022-09-01', '2024-03-01'],
  handle: (request, world) => {
    const id = param(request, 'subscriptionId');
    const subscription = findSubscription(world.tenant, id);
    if (subscription === undefined) return subscriptionNotFound(id);
    if (!reaches(world.tenant, subscription)) {
      return authorizationFailed(
        world,
        'Microsoft.Resources/subscriptions/resources/read',
        `/subscriptions/${id}`,
      );
    }
    const filter = request.url.searchParams.get('$filter');
    const [, type, name] =
      filter === null ? [] : (/^resourceType eq '([^']+)'(?: and name eq '([^']+)')?$/i.exec(filter) ?? []);
    if (filter !== null && type === undefined) return invalidFilter(filter);
    const all = [...readableResources(world.tenant, new Set([id.toLowerCase()]))];
    const wanted = all.filter(
      (one) =>
        (type === undefined || isSame(one['type'], type)) &&
        (name === undefined || isSame(one['name'], name)),
    );
    const size = Number(request.url.searchParams.get('$top') ?? world.pageSizes.resources);
    return page(wanted.map(genericBody), request.url, size);
  },
};

function genericBody({ id, name, type, location, tags }: JsonObject): JsonObject {
  return { id, name, type, location, tags: tags ?? {} };
}

function invalidFilter(filter: string): Response {
  return armError({
    status: 400,
    code: 'InvalidFilterInQueryString',
    message: `Invalid $filter '${filter}' specified in the query string.`,
  });
}

function isSame(value: unknown, other: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === other.toLowerCase();
}
