import type { ResourceScope } from '../../model/resource-scope.ts';

const labels: Readonly<Record<Exclude<keyof ResourceScope, 'tag'>, string>> = {
  resource: 'resource',
  name: 'name',
  resourceGroup: 'resource group',
  subscription: 'subscription',
  managementGroup: 'management group',
};

/** A scope in words: `subscription Sandboxes`, `management group prod and tag env=dev`. */
export function resourceScopeWords({ tag = {}, ...places }: ResourceScope): string {
  const named = Object.entries(labels).flatMap(([key, label]) => {
    const value = Object.entries(places).find(([name]) => name === key)?.[1];
    return value === undefined ? [] : [`${label} ${value}`];
  });
  const tags = Object.entries(tag).map(([name, value]) => `tag ${name}=${value}`);
  return [...named, ...tags].join(' and ');
}
