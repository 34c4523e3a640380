import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kitSchema } from '../src/remediation/kit/kit-file.ts';
import { planSchema } from '../src/remediation/plan-schema.ts';
import { deletedListSchema } from '../src/reporters/deleted-list-schema.ts';
import { comparisonSchema } from '../src/reporters/diff/schema.ts';
import { ruleTestsSchema } from '../src/reporters/rule-tests-schema.ts';
import { settingsSchema } from '../src/reporters/settings/schema.ts';
import { trendSchema } from '../src/reporters/trend/schema.ts';
import { whoCanSchema } from '../src/reporters/who-can-schema.ts';
import { reportSchema } from '../src/reporters/scan/json-schema.ts';
import { scanReportFormats } from '../src/reporters/scan/formats.ts';
import { configSchema } from '../src/rules/schema/config-schema.ts';
import { exemptionsSchema } from '../src/rules/schema/exemptions-schema.ts';
import { publishedRuleSchema } from './published-rule-schema.ts';

const root = join(import.meta.dirname, '..');

/** Every published JSON Schema by its path from the root. */
export function schemas(): ReadonlyMap<string, string> {
  return new Map([
    ['schemas/config.schema.json', textOf(configSchema(Object.keys(scanReportFormats)))],
    ['schemas/deleted-list.schema.json', textOf(deletedListSchema)],
    ['schemas/diff.schema.json', textOf(comparisonSchema)],
    ['schemas/exemptions.schema.json', textOf(exemptionsSchema)],
    ['schemas/kit.schema.json', textOf(kitSchema)],
    ['schemas/plan.schema.json', textOf(planSchema)],
    ['schemas/report.schema.json', textOf(reportSchema)],
    ['schemas/rule-tests.schema.json', textOf(ruleTestsSchema)],
    ['schemas/rule.schema.json', textOf(publishedRuleSchema())],
    ['schemas/settings.schema.json', textOf(settingsSchema)],
    ['schemas/trend.schema.json', textOf(trendSchema)],
    ['schemas/who-can.schema.json', textOf(whoCanSchema)],
  ]);
}

function textOf(schema: object): string {
  return `${layOut(schema, '')}\n`;
}

const width = 110;

/** JSON in which whatever fits on a line stands on one: half of what readers would scroll past, and of what is packed. */
function layOut(value: unknown, indent: string): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= width) return line;
  const inner = `${indent} `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Object.entries(value).map(([key, part]) => {
    const name = Array.isArray(value) ? '' : `${JSON.stringify(key)}: `;
    return `${inner}${name}${layOut(part, inner)}`;
  });
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of schemas()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
