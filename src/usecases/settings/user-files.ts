// Everything that reads and checks YAML of users, as one module: it is loaded only where a file of theirs is named.
import { importPolicies, isAzurePolicy } from '../../azure-policy/import-policies.ts';
import { decodeText } from '../../documents/decode-text.ts';
import { inReadingOrder, type UserDocument } from '../../documents/document.ts';
import { readDocument } from '../../documents/read-document.ts';
import type { Problem } from '../../model/errors.ts';
import type { Rule } from '../../model/rule.ts';
import type { PolicyFile } from '../../model/settings.ts';
import { type CheckedRules, checkRuleFiles, type LoadOptions } from '../../rules/load/rules.ts';

export { loadExemptions } from '../../rules/load/exemptions.ts';

/** Loads rule files and files of Azure Policy side by side; none may have an id of another. */
export function checkPolicyFiles(
  files: readonly PolicyFile[],
  {
    shipped,
    judgesExamples = true,
  }: Pick<LoadOptions, 'judgesExamples'> & { readonly shipped: readonly Rule[] },
): CheckedRules {
  const read = withoutCompanions(files.map((file) => ({ file, ...policyIn(file) })));
  const documents = read.flatMap(({ document }) => document ?? []);
  const imported = importPolicies(documents);
  const inPolicies = [...read.flatMap(({ problems }) => problems), ...imported.problems];
  const wrong = new Set(inPolicies.map(({ file }) => file));
  const rules = imported.rules.filter(({ location }) => !wrong.has(location.file));
  const own = checkRuleFiles(
    read.filter(({ document }) => document === undefined).map(({ file }) => file),
    { shipped: [...shipped, ...rules], judgesExamples },
  );
  return {
    ...own,
    warnings: inReadingOrder([...own.warnings, ...rules.flatMap(withoutDefaults)]),
    problems: inReadingOrder([...own.problems, ...inPolicies]),
    passedOver: imported.passedOver,
  };
}

function withoutDefaults({ id, parameters, location, policy }: Rule): readonly Problem[] {
  if (policy?.notEvaluated !== undefined) return [];
  return Object.entries(parameters).flatMap(([name, { default: usual }]) => {
    if (usual !== undefined) return [];
    const message = `the parameter "${name}" has no default: a scan needs --param ${id}.${name}=…`;
    return [{ ...location, message }];
  });
}

/** A file, and the document that it is where that is one of Azure Policy. */
interface ReadFile {
  readonly file: PolicyFile;
  readonly document?: UserDocument;
  readonly problems: readonly Problem[];
}

/** Repositories of definitions have the rule and the parameters of `x.json` a second time, in `x.rules.json` and `x.parameters.json`. */
function withoutCompanions(read: readonly ReadFile[]): readonly ReadFile[] {
  const whole = new Set(read.flatMap(({ file, document }) => (document === undefined ? [] : [file.file])));
  return read.filter(({ file: { file } }) => {
    const [, stem] = /^(.+)\.(?:rules|parameters)\.json$/iu.exec(file) ?? [];
    return stem === undefined || !whole.has(`${stem}.json`);
  });
}

/** Most files are rules, and are read once. */
const trace = /policyRule|policy(?:Set)?Definitions|["']?then["']?\s*:/iu;

function policyIn(file: PolicyFile): Omit<ReadFile, 'file'> {
  if (!trace.test(decodeText(file.bytes).text)) return { problems: [] };
  const { document, problems } = readDocument(file);
  return document !== undefined && isAzurePolicy(document.value) ? { document, problems } : { problems: [] };
}
