import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

/** The kinds of document that commands read, and `other` for those that none does. */
export type DocumentName =
  | 'report'
  | 'plan'
  | 'journal'
  | 'configuration'
  | 'exemptions'
  | 'rule'
  | 'inventory'
  | 'other';

/** A kind of document that people have beside purgeproof, and the command that takes it. */
export interface DocumentKind {
  readonly name: DocumentName;
  /** With its article: `a plan`. */
  readonly what: string;
  /** The use of it, as in `To apply it: …`. */
  readonly purpose?: string;
  /** The command for that, with `<file>` where the document goes. */
  readonly command?: string;
}

/** The words of messages for the kinds that are asked for. */
export const documentWords: Readonly<Record<Exclude<DocumentName, 'other'>, string>> = {
  report: 'a report of a scan',
  plan: 'a plan',
  journal: 'a journal',
  configuration: 'a configuration',
  exemptions: 'an exemptions file',
  rule: 'a rule',
  inventory: 'an inventory',
};

interface Recognised extends DocumentKind {
  readonly isOne: (value: JsonObject) => boolean;
}

function codeKind(what: string, flags: string, isOne: Recognised['isOne']): Recognised {
  return { name: 'other', what, purpose: 'scan it', command: `purgeproof scan ${flags}`, isOne };
}

/** In this order: the first that fits counts. Documents of our own come first, since they have keys of the others. */
const kinds: readonly Recognised[] = [
  {
    name: 'plan',
    what: documentWords.plan,
    purpose: 'apply it',
    command: 'purgeproof apply <file>',
    isOne: ({ steps, hash }) => Array.isArray(steps) && typeof hash === 'string',
  },
  {
    name: 'report',
    what: documentWords.report,
    purpose: 'plan from it',
    command: 'purgeproof plan --from <file> --out plan.json',
    isOne: ({ schemaVersion, findings }) => schemaVersion !== undefined && findings !== undefined,
  },
  {
    name: 'journal',
    what: documentWords.journal,
    purpose: 'read it',
    command: 'purgeproof journal show <file>',
    isOne: ({ seq, kind, previous }) =>
      typeof seq === 'number' && typeof kind === 'string' && typeof previous === 'string',
  },
  {
    name: 'other',
    what: 'output of another command',
    isOne: ({ schemaVersion, unreadable, notCompared, planHash, dryRun }) =>
      typeof schemaVersion === 'string' &&
      (Array.isArray(unreadable ?? notCompared) || planHash !== undefined || dryRun !== undefined),
  },
  {
    name: 'other',
    what: 'a SARIF log',
    purpose: 'have the report that other commands read',
    command: 'purgeproof scan --output json=report.json',
    isOne: ({ runs, version }) => runs !== undefined && version !== undefined,
  },
  codeKind('an ARM template', '--template <file>', (value) => armKind(value) === 'template'),
  codeKind(
    'a parameter file of an ARM template',
    '--template <template> --parameters <file>',
    (value) => armKind(value) === 'parameters',
  ),
  codeKind(
    'a plan or the state of Terraform',
    '--terraform <file>',
    ({ terraform_version: version }) => version !== undefined,
  ),
  {
    name: 'exemptions',
    what: documentWords.exemptions,
    purpose: 'scan with it',
    command: 'purgeproof scan --exemptions <file>',
    isOne: ({ exemptions }) => Array.isArray(exemptions),
  },
  {
    name: 'rule',
    what: documentWords.rule,
    purpose: 'scan with it',
    command: 'purgeproof scan --policies <file>',
    isOne: ({ id, require, severity }) => require !== undefined && (id ?? severity) !== undefined,
  },
  {
    name: 'inventory',
    what: documentWords.inventory,
    purpose: 'scan it',
    command: 'purgeproof scan --inventory <file>',
    isOne: ({ id, value, data }) => isResourceId(id) || holdsResource(value) || holdsResource(data),
  },
  {
    name: 'configuration',
    what: documentWords.configuration,
    purpose: 'scan with it',
    command: 'purgeproof scan --config <file>',
    isOne: (value) => {
      const keys = Object.keys(value).filter((key) => key !== '$schema');
      // A list that nothing is in any more may be of either kind: whoever reads it says what is missing.
      if (keys.join() === 'exemptions' && value['exemptions'] === null) return false;
      return (
        keys.some((key) => ownConfigKeys.has(key)) ||
        (keys.some((key) => key !== 'parameters') && keys.every((key) => sharedConfigKeys.has(key)))
      );
    },
  },
];

/** Recognises a document, or the first of a sequence; `undefined` where it is none of these. */
export function recogniseDocument(value: Json): DocumentKind | undefined {
  if (isJsonObject(value)) return kinds.find(({ isOne }) => isOne(value));
  return holdsResource(value) ? kinds.find(({ name }) => name === 'inventory') : undefined;
}

/** Keys that a configuration alone has. */
const ownConfigKeys: ReadonlySet<string> = new Set(
  (
    'subscriptions managementGroups resourceGroups inventory inventoryComplete policies defaultPolicies ' +
    'archive azureExemptions excludeRules parametersByScope severities baseline failOn failOnNew allowIncomplete includeCompliant requestTimeout vaultTimeout writes'
  ).split(' '),
);

/** Keys of a configuration that documents of others have, too. */
const sharedConfigKeys: ReadonlySet<string> = new Set(
  'extends vaults tags include rules frameworks parameters exemptions cloud tenant output deleted'.split(' '),
);

/** A template may be wrapped, as `az group export` does. */
function armKind({ $schema, template }: JsonObject): string | undefined {
  const schema = $schema ?? (isJsonObject(template) ? template['$schema'] : undefined);
  const found = typeof schema === 'string' ? /\/deployment(template|parameters)/iu.exec(schema) : null;
  return found?.[1]?.toLowerCase();
}

function holdsResource(list: Json | undefined): boolean {
  const [first] = Array.isArray(list) ? list : [];
  return isJsonObject(first) && isResourceId(first['id']);
}

function isResourceId(id: Json | undefined): boolean {
  return typeof id === 'string' && /^\/subscriptions\//iu.test(id);
}
