import { type JsonObject, objectAt, sameJson } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';

/** A resource as an archive holds it. What its body says as well is said there alone. */
export interface ResourceRow
  extends Pick<Resource, 'id' | 'body' | 'gaps'>, Partial<Omit<Resource, 'id' | 'body' | 'gaps'>> {}

const texts = ['name', 'type', 'subscriptionId', 'resourceGroup', 'location'] as const;

/** Writes a resource as a row. */
export function toResourceRow(resource: Resource): ResourceRow {
  const { id, body, gaps, tags, tagsLeftOut } = resource;
  const own = texts.filter((key) => resource[key] !== body[key]).map((key) => [key, resource[key]] as const);
  return {
    id,
    ...Object.fromEntries(own),
    ...(sameJson(tags, body['tags']) ? {} : { tags }),
    ...(tagsLeftOut === true ? { tagsLeftOut } : {}),
    body,
    gaps,
  };
}

/** Reads it back. */
export function fromResourceRow(row: ResourceRow): Resource {
  const { id, body, gaps } = row;
  const text = (key: (typeof texts)[number]): string => row[key] ?? textAt(body, key);
  return {
    id,
    name: text('name'),
    type: text('type'),
    subscriptionId: text('subscriptionId'),
    resourceGroup: text('resourceGroup'),
    location: text('location'),
    tags: row.tags ?? tagsIn(body),
    ...(row.tagsLeftOut === true ? { tagsLeftOut: true } : {}),
    body,
    gaps,
  };
}

function textAt(body: JsonObject, key: string): string {
  const value = body[key];
  return typeof value === 'string' ? value : '';
}

/** The tags in a body; of a body with others than texts, the row has its own. */
function tagsIn(body: JsonObject): Resource['tags'] {
  const entries = Object.entries(objectAt(body, 'tags'));
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** The members of a body that say which resource it is. */
const naming = new Set<string>(['id', ...texts]);

/**
 * A resource that no rule of the scan was about, and that its sources did not promise: it is counted, and nothing of it is
 * kept. Whatever a later rule asks of it is unknown.
 */
export function toResourceStub(resource: Resource): ResourceRow {
  const { body, gaps, ...rest } = resource;
  const entries = Object.entries(body);
  const left = entries.filter(([name]) => !naming.has(name)).map(([name]) => name);
  return toResourceRow({
    ...rest,
    tags: {},
    body: Object.fromEntries(entries.filter(([name]) => naming.has(name))),
    gaps: [...new Set([...gaps, ...left])],
  });
}
