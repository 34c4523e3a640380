import { redact } from '../../reporters/text/redaction.ts';

/** A credential that could not even be created: the chain skips it, and gives the reason in the log only. */
export interface SkippedCredential {
  readonly name: string;
  readonly reason: string;
}

/** Facts about a failed sign-in, in addition to the error. */
export interface SignInContext {
  /** The one credential that AZURE_TOKEN_CREDENTIALS names. */
  readonly chosen?: string | undefined;
  readonly skipped?: readonly SkippedCredential[];
  /** The output of `az` itself, where the SDK withholds it. */
  readonly cliSays?: string | undefined;
  /** A description of what answered in place of Microsoft Entra ID. */
  readonly answered?: string | undefined;
  /** The network failure, where nothing answered; the SDK withholds it. */
  readonly noAnswer?: string | undefined;
  /** Set when the sign-in took as long as a command line tool may take. */
  readonly timedOutAfterMs?: number | undefined;
}

/** The reason why one credential gave no token. */
export interface Reason {
  /** The credential by its class; empty where that is not known. */
  readonly credential: string;
  readonly text: string;
  /** True where this way to sign in is not set up here, and is not missed unless it was asked for. */
  readonly isAbsent: boolean;
}

/** The reasons in an error of @azure/identity, in the order in which credentials were tried; each one once. */
export function reasonsOf(error: Error, context: SignInContext): readonly Reason[] {
  const { chosen, skipped = [] } = context;
  const chain = isAggregate(error) ? error.errors : [];
  const tried = (chain.length > 0 ? chain : [error]).filter(({ message }) => !message.startsWith(noToken));
  const all = [
    ...skipped.map(({ name, reason }) => ({ name: chosen ?? name, message: reason })),
    ...tried.map((each) => ({ name: chosen ?? nameOf(each, chain), message: each.message })),
  ].map(({ name, message }) => ({
    credential: name,
    text: textOf(message, name, context),
    isAbsent: isAbsent(message),
  }));
  return all.filter((reason, index) => all.findIndex((other) => isSame(reason, other)) === index);
}

/** A federated token is tried twice, by itself and as a managed identity. */
function isSame(one: Reason, other: Reason): boolean {
  return one.text === other.text || (one.credential !== '' && one.credential === other.credential);
}

/** The message of a chain in which no credential could be created. */
const noToken = 'Failed to retrieve a valid token';

function isAggregate(error: Error): error is Error & { readonly errors: readonly Error[] } {
  return 'errors' in error && Array.isArray(error.errors);
}

const names: readonly (readonly [RegExp, string])[] = [
  [/EnvironmentCredential/, 'EnvironmentCredential'],
  [/WorkloadIdentityCredential/, 'WorkloadIdentityCredential'],
  [/ManagedIdentityCredential|IMDS|managed identity/, 'ManagedIdentityCredential'],
  [/Visual Studio Code/, 'VisualStudioCodeCredential'],
  [/PowerShell|Connect-AzAccount|'Az\.Account/, 'AzurePowerShellCredential'],
  [/Azure Developer CLI|azd auth/, 'AzureDeveloperCliCredential'],
  [/Azure CLI|az login/, 'AzureCliCredential'],
];

/** The credential that an error is from. Most say it; two pass on what their command line tool printed. */
function nameOf(error: Error, chain: readonly Error[]): string {
  const name = nameIn(error);
  if (name !== undefined) return name;
  if (error.name !== 'CredentialUnavailableError')
    return (process.env['AZURE_FEDERATED_TOKEN_FILE'] ?? '') === '' ? '' : 'WorkloadIdentityCredential';
  if (chain.length === 0) return '';
  // Azure PowerShell is tried between the two.
  const before = chain.slice(0, chain.indexOf(error));
  const isAfterPowerShell = before.some((other) => nameIn(other) === 'AzurePowerShellCredential');
  return isAfterPowerShell ? 'AzureDeveloperCliCredential' : 'AzureCliCredential';
}

function nameIn({ message }: Error): string | undefined {
  return names.find(([pattern]) => pattern.test(message))?.[1];
}

function textOf(message: string, credential: string, context: SignInContext): string {
  const { cliSays = '', answered, noAnswer, timedOutAfterMs } = context;
  if (credential === 'AzureCliCredential' && cliSays.trim() !== '') return tellingLine(redact(cliSays));
  // What a tool that was stopped has printed is no JSON.
  if (/^Unexpected (?:end of JSON|token)/.test(message)) {
    const tool = credential === 'AzureDeveloperCliCredential' ? 'azd' : 'az';
    if (timedOutAfterMs === undefined) return `${tool} printed no token`;
    return `${tool} did not answer within ${Math.ceil(timedOutAfterMs / 1000)} seconds`;
  }
  if (/(?:^|\n)network_error:/.test(message))
    return answered === undefined
      ? `no answer from the network${noAnswer === undefined ? '' : ` (${redact(noAnswer)})`}`
      : `something between here and Microsoft Entra ID answered with ${answered}`;
  return tokenFileWords(message) ?? missingWords(message) ?? tellingLine(redact(message));
}

/** `X is a required parameter`, in the words of the environment. */
function missingWords(message: string): string | undefined {
  if (!/WorkloadIdentityCredential: is unavailable\..* required parameter/s.test(message)) return undefined;
  const variables = Array.from(message.matchAll(/"(AZURE_\w+)"/g), ([, variable]) => variable);
  return `WorkloadIdentityCredential needs ${variables.join(', ')}`;
}

/** The file of a federated token is read as it is, and the system's own error comes out. */
function tokenFileWords(message: string): string | undefined {
  const file = process.env['AZURE_FEDERATED_TOKEN_FILE'] ?? '';
  const isOfTokenFile = message.includes(`'${file}'`) || /^EISDIR: .*, read$/.test(message);
  const code = /^(E[A-Z]+): /.exec(message)?.[1];
  if (file !== '' && code !== undefined && isOfTokenFile)
    return `the federated token file ${file} cannot be read: ${systemWords[code] ?? code}`;
  const empty = /No content on the file (.*)\.$/.exec(message)?.[1];
  return empty === undefined ? undefined : `the federated token file ${empty} is empty`;
}

const systemWords: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};

function isAbsent(message: string): boolean {
  return absent.some((pattern) => pattern.test(message)) && !isHalfSet(message);
}

/** A client and its tenant are set, and nothing that proves who signs in. */
function isHalfSet(message: string): boolean {
  if (!/federatedTokenFilePath is a required/.test(message)) return false;
  const proofs = ['AZURE_CLIENT_SECRET', 'AZURE_CLIENT_CERTIFICATE_PATH', 'AZURE_USERNAME'];
  return proofs.every((name) => (process.env[name] ?? '') === '');
}

const absent: readonly RegExp[] = [
  /EnvironmentCredential is unavailable\. No underlying credential/,
  /WorkloadIdentityCredential: is unavailable\. .* required parameter/,
  /ManagedIdentityCredential: (?:Network unreachable|The managed identity endpoint)|IMDS endpoint, but it is not available/,
  /Visual Studio Code Authentication is not available/,
  /Azure CLI could not be found/,
  /Unable to execute PowerShell|'Az\.Account' module >= [\d.]+ is not installed/,
  /Azure Developer CLI couldn't be found/,
  /[Bb]roker/,
];

const longest = 500;

/**
 * The line of a failure that says what went wrong: the one with the code of Microsoft Entra ID, of a Python traceback
 * the exception at its end, else the first error. Advice to read elsewhere is left out.
 */
export function tellingLine(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const line =
    lines.find((each) => /AADSTS\d+/.test(each)) ??
    exceptionIn(lines) ??
    detailIn(lines) ??
    lines.find((each) => each.startsWith('ERROR: ')) ??
    lines.find((each) => !/^WARNING/i.test(each.trim())) ??
    lines[0] ??
    '';
  return shorten(plain(line));
}

/** AuthenticationError has what Azure said on a line of its own, below words of the SDK's. */
function detailIn(lines: readonly string[]): string | undefined {
  const start = lines.findIndex((line) => line.trim() === 'More details:');
  const details = start === -1 ? [] : lines.slice(start + 1);
  return details.find((line) => !/^An unknown error has occurred|^The service indicated/.test(line));
}

/** The first line after the frames of the last traceback; those before it are causes. */
function exceptionIn(lines: readonly string[]): string | undefined {
  const start = lines.findLastIndex((line) => /Traceback \(most recent call last\)/.test(line));
  return start === -1 ? undefined : lines.slice(start + 1).find((line) => /^\S/.test(line));
}

function plain(line: string): string {
  return line
    .replace(/^.*?(?=AADSTS\d+)|^(?:Error: |ERROR: |CredentialUnavailableError: )+/, '')
    .replace(/(?: - \w+ ID: Not Available)+,?$/, '')
    .replace(/\s*(?:To troubleshoot, visit|For more information, see|See) \S*https?:\/\/\S+.*$/, '')
    .trim()
    .replace(/,$/, '');
}

function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
