import { type Command, InvalidArgumentError, Option } from 'commander';
import { durationPattern, parseDuration } from '../model/duration.ts';
import { type Cloud, clouds } from '../model/settings.ts';
import { severities, type Severity } from '../model/severity.ts';
import { scanReportFormats } from '../reporters/scan/formats.ts';
import { readParameterText } from '../usecases/settings/parameter-text.ts';
import type { ScanFlags } from '../usecases/settings/scan-settings.ts';
import { choice, repeatable } from './choice.ts';
import type { World } from './world.ts';

/** What the flags of a scan come to in commander's own form. */
export interface ScanOptions {
  readonly subscription: readonly string[];
  readonly managementGroup: readonly string[];
  readonly inventory?: string;
  readonly inventoryComplete?: true;
  readonly policies: readonly string[];
  readonly defaultPolicies: boolean;
  readonly rule: readonly string[];
  readonly excludeRule: readonly string[];
  readonly config?: string;
  readonly exemptions?: string;
  readonly param: readonly string[];
  readonly output: readonly string[];
  readonly failOn?: Severity;
  readonly allowIncomplete?: true;
  readonly includeCompliant?: true;
  readonly full?: true;
  readonly cloud?: Cloud;
  readonly requestTimeout?: number;
  readonly sourceRoot?: string;
  readonly category?: string;
  readonly color: boolean;
  readonly quiet?: true;
  readonly debug?: true;
}

/** Adds what says where rules come from. */
export function addPolicyFlags(command: Command): Command {
  return command
    .addOption(
      repeatable('--policies <path>', 'file or folder with your own rules, added to the built-in ones'),
    )
    .option('--no-default-policies', 'do not use the built-in rules');
}

/** Adds what chooses and tunes rules. */
export function addRuleFlags(command: Command): Command {
  return addPolicyFlags(command)
    .addOption(repeatable('--rule <id>', 'evaluate only this rule'))
    .addOption(repeatable('--exclude-rule <id>', 'skip this rule'))
    .addOption(
      repeatable('--param <[id.]name=value>', 'set a parameter of one rule, or of every rule that has it'),
    )
    .option('--config <file>', 'configuration file (purgeproof.yaml); flags override it')
    .option('--exemptions <file>', 'file of accepted risks: what was accepted, by whom, why and until when');
}

/** Adds what chooses the resources. */
export function addScopeFlags(command: Command): Command {
  return command
    .addOption(repeatable('--subscription <id>', 'scan only this subscription, by id or display name'))
    .addOption(repeatable('--management-group <id>', 'scan every subscription below this management group'))
    .addOption(choice('--cloud <name>', 'Azure cloud to use (default: AzureCloud)', clouds))
    .addOption(requestTimeoutFlag());
}

/** The flag that bounds how long is waited for Azure. */
export function requestTimeoutFlag(): Option {
  return new Option(
    '--request-timeout <duration>',
    'longest time for one request to Azure, retries and waits included (default: 10m)',
  ).argParser((text) => {
    if (!new RegExp(durationPattern).test(text))
      throw new InvalidArgumentError('It must be a duration such as 90s, 10m or 1h30m.');
    return parseDuration(text);
  });
}

/** Adds what takes the place of Azure. */
export function addInventoryFlag(command: Command): Command {
  return command
    .option('--inventory <file>', 'scan an exported inventory instead of Azure; - reads standard input')
    .option(
      '--inventory-complete',
      'the inventory is whole, even where a bare list in it has exactly 100 or 1,000 rows, as a page has',
    );
}

/** Adds what decides the reports and the exit code. */
export function addReportFlags(command: Command): Command {
  return command
    .addOption(
      repeatable(
        '--output <format[=path]>',
        `report to write: ${Object.keys(scanReportFormats).join(', ')}`,
      ).default([], 'table'),
    )
    .addOption(
      choice(
        '--fail-on <severity>',
        'exit 1 only for findings of this severity or higher (default: low)',
        severities,
      ),
    )
    .option('--allow-incomplete', 'do not exit 3 because something could not be read')
    .option('--include-compliant', 'also list compliant verdicts; implies --full')
    .option('--full', 'read every vault, not only those that may fail a rule; the verdicts are the same')
    .option(
      '--source-root <path>',
      'folder with Bicep, ARM or Terraform code; SARIF points to the declaration of each vault',
    )
    .option(
      '--category <name>',
      'name that keeps the alerts of this scan apart from those of other scans in code scanning',
    );
}

/** Adds what every command understands. */
export function addCommonFlags(command: Command): Command {
  return command
    .option('--no-color', 'disable colours')
    .option('--quiet', 'no progress and no notices on standard error')
    .option('--debug', 'log the requests of the Azure SDKs to standard error, without tokens');
}

/** Brings commander's options into the form of the use cases. */
export function toScanFlags(options: ScanOptions): ScanFlags {
  return {
    subscriptions: options.subscription,
    managementGroups: options.managementGroup,
    inventory: options.inventory,
    inventoryComplete: options.inventoryComplete,
    policies: options.policies,
    defaultPolicies: options.defaultPolicies,
    rules: options.rule.map((rule) => ({ rule, origin: `--rule ${rule}` })),
    excludeRules: options.excludeRule.map((rule) => ({ rule, origin: `--exclude-rule ${rule}` })),
    parameters: options.param.map((text) => readParameterText(text, `--param ${text}`)),
    exemptions: options.exemptions,
    failOn: options.failOn,
    allowIncomplete: options.allowIncomplete,
    includeCompliant: options.includeCompliant,
    cloud: options.cloud,
    requestTimeoutMs: options.requestTimeout,
    outputs: options.output,
  };
}

/** Where the log of the Azure SDKs goes, if it was asked for. */
export function debugLog(
  { debug }: { readonly debug?: true },
  { stderr }: Pick<World, 'stderr'>,
): { readonly debug?: (line: string) => void } {
  return debug === true ? { debug: (line) => void stderr.write(`${line}\n`) } : {};
}
