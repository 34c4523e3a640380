import { outcomes } from '../model/apply.ts';
import { writeKinds } from '../model/arm-ports.ts';
import { dialect, type JsonSchema } from '../documents/schema/json-schema.ts';
import { sha256 } from './canonical-json.ts';

const text: JsonSchema = { type: 'string' };
const hash: JsonSchema = { type: 'string', pattern: '^([0-9a-f]{64})?$' };
const count: JsonSchema = { type: 'integer', minimum: 1 };
const state = exactly({ hash, properties: { type: 'object' } }, { tags: { type: 'object' } });
const chained = { seq: count, previous: hash, at: text, who: text };
const seal = { hash };
const action = { action: { enum: [...writeKinds] } };
const ofStep = { step: text, vault: text, attempt: { type: 'integer', minimum: 0 } };

const run = exactly(
  {
    ...chained,
    kind: { const: 'run' },
    schemaVersion: { enum: ['1.0', '1.1'] },
    tool: exactly({ name: text, version: text }),
    tenantId: text,
    afterTornLine: { type: 'boolean' },
  },
  { planHash: hash, ...seal },
);

const intent = exactly(
  { ...chained, ...ofStep, kind: { const: 'intent' }, before: state, body: { type: 'object' } },
  { ...action, ...seal },
);

const verdicts = ['compliant', 'nonCompliant', 'unknown', 'notApplicable'];

const result = exactly(
  {
    ...chained,
    ...ofStep,
    kind: { const: 'result' },
    sent: { type: 'boolean' },
    outcome: { enum: [...outcomes] },
    cause: text,
    requestId: text,
    rules: { type: 'array', items: exactly({ id: text, verdict: { enum: verdicts } }) },
  },
  { ...action, after: state, uncertain: { type: 'boolean' }, ...seal },
);

/** The schema of one line of a journal. */
export const journalEntrySchema: JsonSchema = { $schema: dialect, oneOf: [run, intent, result] };

function exactly(
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

/**
 * Ends a line of a journal with its own hash. The hash that the next line has of it cannot vouch for the last one; this
 * can. Like that of a plan, it stops accidents and careless edits, not a forger.
 */
export function sealLine(line: string): string {
  return `${line.slice(0, -1)},"hash":"${sha256(line)}"}`;
}

/** The state of a line's end: `broken` when it was changed after it was written, `none` when it has no hash to its end. */
export function sealOf(line: Uint8Array): 'whole' | 'broken' | 'none' {
  const text = new TextDecoder().decode(line);
  const seal = /^(.*),"hash":"([0-9a-f]{64})"\}$/s.exec(text);
  if (seal === null) return 'none';
  const [, rest = '', hash] = seal;
  return sha256(`${rest}}`) === hash ? 'whole' : 'broken';
}
