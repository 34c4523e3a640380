import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../../model/json.ts';
import { readTemplate } from '../condition/template.ts';
import type { CheckResult, Mistake } from '../../documents/document.ts';
import { suggestion } from '../../documents/suggestions.ts';

/** Checks every `[parameters('…')]` in the conditions of a rule file against the parameters that it declares. */
export function checkTemplates(rule: JsonObject): CheckResult {
  const declared = isJsonObject(rule['parameters']) ? Object.keys(rule['parameters']) : [];
  const texts = ['when', 'require'].flatMap((key) => textsIn(rule[key], [key]));
  const templates = texts.map(({ text, path }) => ({ path, template: readTemplate(text) }));
  const used = new Set<string>();
  const mistakes: Mistake[] = [];
  for (const { path, template } of templates) {
    if ('unsupported' in template) {
      const message = `the expression ${template.unsupported} is not supported; only [parameters('name')] is`;
      mistakes.push({ path, message });
    }
    if (!('parameter' in template)) continue;
    used.add(template.parameter);
    if (!declared.includes(template.parameter)) mistakes.push(undeclared(template.parameter, path, declared));
  }
  const unused = declared.filter((name) => !used.has(name));
  return { mistakes, warnings: unused.map(neverUsed) };
}

interface TextSite {
  readonly text: string;
  readonly path: JsonPath;
}

function textsIn(value: Json | undefined, path: JsonPath): readonly TextSite[] {
  if (typeof value === 'string') return path.at(-1) === 'field' ? [] : [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => textsIn(item, [...path, index]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}

function neverUsed(name: string): Mistake {
  return { path: ['parameters', name], at: 'key', message: `parameter "${name}" is never used` };
}

function undeclared(name: string, path: JsonPath, declared: readonly string[]): Mistake {
  return {
    path,
    message: `parameter "${name}" is not declared under parameters${suggestion(name, declared)}`,
  };
}
