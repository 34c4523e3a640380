import { isJsonObject } from '../../src/model/json.ts';
import type { Fault } from './fault.ts';

/** What faults are matched against. */
interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly body: unknown;
}

/** The faults that wait for their requests. */
export interface FaultRegistry {
  inject(fault: Fault): void;
  /** The faults that hit this request, in the order of their injection. */
  take(target: FaultTarget): readonly Fault[];
}

/** Counts matching requests for each fault, and forgets a fault when it has hit often enough. */
export function createFaultRegistry(): FaultRegistry {
  const waiting = new Map<Fault, number>();
  return {
    inject: (fault) => {
      waiting.set(fault, 0);
    },
    take: (target) => {
      const hit: Fault[] = [];
      for (const [fault, seen] of waiting) {
        if (!matches(fault, target)) continue;
        waiting.set(fault, seen + 1);
        const first = fault.match?.nth ?? 1;
        if (seen + 1 >= first) hit.push(fault);
        if (seen + 1 >= first + (fault.times ?? 1) - 1) waiting.delete(fault);
      }
      return hit;
    },
  };
}

function matches(fault: Fault, target: FaultTarget): boolean {
  const { method, path, host, query, managementGroup } = fault.match ?? {};
  if (method !== undefined && method.toUpperCase() !== target.method) return false;
  if (path !== undefined && !path.test(target.path)) return false;
  if (host !== undefined && !host.test(target.host)) return false;
  if (query !== undefined && !query.test(kqlOf(target.body))) return false;
  if (managementGroup !== undefined && !groupsOf(target.body).includes(managementGroup)) return false;
  return fault.kind !== 'expiredSkipToken' || hasSkipToken(target.body);
}

function kqlOf(body: unknown): string {
  return isJsonObject(body) && typeof body['query'] === 'string' ? body['query'] : '';
}

function groupsOf(body: unknown): readonly unknown[] {
  const groups = isJsonObject(body) ? body['managementGroups'] : undefined;
  return Array.isArray(groups) ? groups : [];
}

function hasSkipToken(body: unknown): boolean {
  const options = isJsonObject(body) ? body['options'] : undefined;
  return isJsonObject(options) && typeof options['$skipToken'] === 'string';
}
