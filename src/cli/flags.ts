import { type Command, InvalidArgumentError, Option } from 'commander';
import { durationPattern, parseDuration } from '../model/duration.ts';
import { clouds } from '../model/cloud.ts';
import { severities } from '../model/severity.ts';
import { scanReportFormats } from '../reporters/scan/formats.ts';
import { partSources } from '../sources/parts.ts';
import { choice, commaSeparated, repeatable } from './choice.ts';
import type { Formats } from './destinations.ts';

/** Adds the flags for the sources of rules. */
export function addPolicyFlags(command: Command): Command {
  return command
    .addOption(
      repeatable('--policies <path>', 'file or folder with your own rules, added to the built-in ones'),
    )
    .option('--no-default-policies', 'do not use the built-in rules');
}

/** Adds the flags that select and tune rules. */
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

/** Adds the flags for the scope in Azure. */
export function addScopeFlags(command: Command): Command {
  return command
    .addOption(repeatable('--subscription <id>', 'scan only this subscription, by id or display name'))
    .addOption(repeatable('--management-group <id>', 'scan every subscription below this management group'))
    .addOption(choice('--cloud <name>', 'Azure cloud to use (default: AzureCloud)', clouds))
    .addOption(requestTimeoutFlag());
}

/** The flag for the formats of a document and the files they go to; the first format is the default. */
export function outputFlag(formats: Formats<unknown>, what = 'how to show it'): Option {
  const names = Object.keys(formats);
  return repeatable('--output <format[=path]>', `${what}: ${names.join(', ')}`).default([], names[0]);
}

/** The flag that limits the time of a request to Azure. */
export function requestTimeoutFlag(): Option {
  return duration(
    '--request-timeout <duration>',
    'longest time for one request to Azure, retries and waits included (default: 10m)',
  );
}

function duration(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    if (!new RegExp(durationPattern).test(text))
      throw new InvalidArgumentError('It must be a duration such as 90s, 10m or 1h30m.');
    return parseDuration(text);
  });
}

/** Adds the flags for an inventory, which replaces Azure. */
export function addInventoryFlag(command: Command): Command {
  return command
    .option('--inventory <file>', 'scan an exported inventory instead of Azure; - reads standard input')
    .option(
      '--inventory-complete',
      'the inventory is whole, even where a bare list in it has exactly 100 or 1,000 rows, as a page has',
    );
}

/** Adds the flag for what a scan reads besides vaults and managed HSMs, where there is a source of anything else. */
export function addIncludeFlag(command: Command): Command {
  const parts = Object.keys(partSources);
  if (parts.length === 0) return command;
  return command
    .addOption(commaSeparated('--include <parts>', `also scan ${parts.join(', ')}`, parts))
    .addOption(
      duration(
        '--vault-timeout <duration>',
        'longest time for a vault to answer about what is in it (default: 10s)',
      ),
    );
}

/** Adds the flags for the reports and the exit code. */
export function addReportFlags(command: Command): Command {
  return command
    .addOption(outputFlag(scanReportFormats, 'report to write'))
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

/** Adds the flags that every command has. */
export function addCommonFlags(command: Command): Command {
  return command
    .option('--no-color', 'disable colours')
    .option('--quiet', 'no progress and no notices on standard error')
    .option('--debug', 'log the requests of the Azure SDKs to standard error, without tokens');
}

/** Reads the value of a flag that is a number. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
