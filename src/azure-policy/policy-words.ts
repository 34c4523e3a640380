import { severities, type Severity } from '../model/severity.ts';
import { objectIn, type ObjectEntry, textIn } from './entries.ts';

/** The words of a definition or an initiative about itself. */
export interface PolicyWords {
  /** Its name in Azure, in lower case and without signs that no id of a rule has. */
  readonly id: string;
  /** Its name in Azure in lower case, by which an initiative refers to it. */
  readonly azureName: string;
  readonly definitionId?: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly version?: string;
  readonly category?: string;
  readonly severity: Severity;
  readonly references: readonly string[];
}

/** Reads what a definition or an initiative says of itself; one without a name is called as its file. */
export function policyWords(entry: ObjectEntry, file: string): PolicyWords {
  const body = objectIn(entry, 'properties') ?? entry;
  const metadata = objectIn(body, 'metadata');
  const definitionId = textIn(entry, 'id');
  const azureName = textIn(entry, 'name') ?? definitionId?.split('/').at(-1) ?? fileName(file);
  const title = oneLine(textIn(body, 'displayName') ?? azureName);
  const version = textIn(body, 'version') ?? textIn(metadata, 'version');
  const category = textIn(metadata, 'category');
  return {
    id: slug(azureName),
    azureName: azureName.toLowerCase(),
    ...(definitionId === undefined ? {} : { definitionId }),
    name: nameOf(title),
    title,
    description: textIn(body, 'description') ?? title,
    ...(version === undefined ? {} : { version }),
    ...(category === undefined ? {} : { category }),
    severity: severityOf(metadata),
    references: referencesOf(body, definitionId),
  };
}

/** Letters, digits and hyphens: what can name a rule in flags, configurations and exemptions. */
export function slug(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/gu);
  return words === null ? 'policy' : words.join('-');
}

const longestName = 60;

/** A name of whole words, beginning with a letter. */
function nameOf(title: string): string {
  const words = slug(title).split('-');
  const from = words.findIndex((word) => /^[a-z]/u.test(word));
  const kept = from === -1 ? ['policy', ...words] : words.slice(from);
  return kept.reduce((name, word) => (name.length + word.length < longestName ? `${name}-${word}` : name));
}

function fileName(file: string): string {
  return (file.split('/').at(-1) ?? file).replace(/\.[^.]*$/u, '');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ');
}

/** Defender for Cloud keeps a severity in the metadata of its definitions. */
function severityOf(metadata: ObjectEntry | undefined): Severity {
  const own = textIn(metadata, 'severity');
  const defender = metadata === undefined ? undefined : objectIn(metadata, 'securityCenter');
  const written = (own ?? textIn(defender, 'severity'))?.toLowerCase() ?? '';
  return severities.find((one) => one === written) ?? 'medium';
}

/** The page of a built-in definition in the portal, which takes its id as one part of the address. */
function referencesOf(body: ObjectEntry, definitionId: string | undefined): readonly string[] {
  const isBuiltIn = textIn(body, 'policyType')?.toLowerCase() === 'builtin';
  if (!isBuiltIn || definitionId === undefined) return [];
  return [
    `https://portal.azure.com/#view/Microsoft_Azure_Policy/PolicyDetailBlade/definitionId/${encodeURIComponent(definitionId)}`,
  ];
}
