import type { JsonSchema } from '../../documents/schema/json-schema.ts';
import { type Cloud, clouds } from '../../model/cloud.ts';
import type { Coverage, ReportScope, SubscriptionCoverage, Unreadable } from '../../model/coverage.ts';
import type { Exemption } from '../../model/exemption.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { ReportRule, ScanReport, Summary } from '../../model/report.ts';
import type { Rule } from '../../model/rule.ts';
import type { ScopedValues } from '../../model/scoped-values.ts';
import type { FactsHeld, Subscription } from '../../model/source.ts';
import type { SourceName } from '../../model/source-name.ts';
import { list, textListSchema, textSchema } from '../../reporters/scan/schema-shapes.ts';
import type { ResourceRow } from './resource-row.ts';

/** The values of the lines of an archived scan, by the key of the line. What is a list has a line for each element. */
export interface ScanLines {
  readonly report: Pick<
    ScanReport,
    'schemaVersion' | 'tool' | 'startedAt' | 'finishedAt' | 'complete' | 'identity'
  > & { readonly summary: Summary };
  readonly sources: ArchivedSources;
  readonly scope: Omit<ReportScope, 'subscriptions'>;
  readonly scopeSubscription: ReportScope['subscriptions'][number];
  readonly subscription: Subscription;
  readonly otherSubscription: Subscription;
  /** Those that the scope did not name, since the rows of an inventory told of them. */
  readonly addedSubscription: Subscription;
  readonly coverage: Omit<Coverage, 'subscriptions'>;
  readonly coveredSubscription: SubscriptionCoverage;
  readonly unreadable: Unreadable;
  readonly rule: ArchivedRule;
  readonly reportRule: ReportRule;
  readonly exemption: Exemption;
  readonly finding: JsonObject;
  readonly unread: { readonly resource: ResourceRow; readonly types: readonly string[] };
  readonly resource: ResourceRow;
}

/** The sources that a scan read, with what they read. */
export interface ArchivedSources {
  readonly names: readonly [SourceName, ...SourceName[]];
  readonly types: readonly string[];
  readonly facts: readonly FactsHeld[];
  readonly cloud: Cloud;
}

/** A rule that a scan judged by, and its parameters in force: everywhere, and in some scopes. */
export interface ArchivedRule {
  readonly rule: Rule;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly byScope?: readonly ScopedValues[];
}

/** A key of lines. */
export type LineKey = keyof ScanLines;

/** Writes a line. */
export function scanLine<K extends LineKey>(key: K, value: ScanLines[K]): string {
  return JSON.stringify({ [key]: value });
}

/** An object with at least these members: a later version may add others. */
function holding(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: typeof properties = {},
): JsonSchema {
  return { type: 'object', required: Object.keys(properties), properties: { ...properties, ...optional } };
}

const anObject = holding({});
const named = holding({ id: textSchema, name: textSchema });
const subscription = holding({ id: textSchema, name: textSchema, managementGroups: list(named) });
const row = holding(
  { id: textSchema, body: anObject, gaps: textListSchema },
  {
    name: textSchema,
    type: textSchema,
    subscriptionId: textSchema,
    resourceGroup: textSchema,
    location: textSchema,
    tags: { type: 'object', additionalProperties: textSchema },
    tagsLeftOut: { const: true },
  },
);
const location = holding({ file: textSchema, line: { type: 'integer' }, column: { type: 'integer' } });

/**
 * The schemas of the lines of an archived scan, as far as what reads them relies on it. Those of the report are checked with
 * the whole report.
 */
export const lineSchemas: Readonly<Record<LineKey, JsonSchema>> = {
  report: holding({
    startedAt: textSchema,
    finishedAt: textSchema,
    complete: { type: 'boolean' },
    summary: anObject,
  }),
  sources: holding({
    names: { ...list(textSchema), minItems: 1 },
    types: textListSchema,
    facts: list(holding({ types: textListSchema, members: textListSchema })),
    cloud: { enum: clouds },
  }),
  scope: holding({ managementGroups: textListSchema }, { inventory: textSchema, filter: anObject }),
  scopeSubscription: named,
  subscription,
  otherSubscription: subscription,
  addedSubscription: subscription,
  coverage: anObject,
  coveredSubscription: holding({ id: textSchema, name: textSchema, state: textSchema }),
  unreadable: holding({ scope: textSchema, kind: textSchema, reason: textSchema, hint: textSchema }),
  rule: holding(
    {
      rule: holding({
        id: textSchema,
        resourceTypes: textListSchema,
        require: anObject,
        parameters: anObject,
        location,
      }),
      parameters: anObject,
    },
    {
      byScope: list(
        holding({ scope: anObject, values: anObject, origin: location, layer: { type: 'integer' } }),
      ),
    },
  ),
  reportRule: anObject,
  exemption: holding({
    rule: textSchema,
    scope: anObject,
    category: textSchema,
    reason: textSchema,
    expiresOn: textSchema,
    location,
  }),
  finding: anObject,
  unread: holding({ resource: row, types: textListSchema }),
  resource: row,
};
