import { type Command, InvalidArgumentError, Option } from 'commander';
import { durationPattern, parseDuration } from '../model/duration.ts';
import { clouds } from '../model/cloud.ts';
import { isGuid } from '../model/guid.ts';
import { severities } from '../model/severity.ts';
import { findingGroupings } from '../reporters/scan/format.ts';
import { scanReportFormats } from '../reporters/scan/formats.ts';
import { partSources } from '../sources/parts.ts';
import { choice, commaSeparated, namesFlag, repeatable } from './choice.ts';
import type { Formats } from './destinations.ts';
import type { DebugDetail } from './world.ts';

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
    .addOption(namesFlag('--rule <id>', 'evaluate only this rule, by id or name'))
    .addOption(namesFlag('--exclude-rule <id>', 'skip this rule'))
    .addOption(frameworkFlag())
    .addOption(
      repeatable('--param <[id.]name=value>', 'set a parameter of one rule, or of every rule that has it'),
    )
    .option(
      '--config <file>',
      'configuration file (default: the purgeproof.yaml in the working folder or above it); flags override it',
    )
    .option('--no-config', 'read no configuration file')
    .option('--exemptions <file>', 'file of accepted risks: what was accepted, by whom, why and until when');
}

/** The flag for the frameworks whose controls matter. */
export function frameworkFlag(): Option {
  return namesFlag(
    '--framework <name>',
    'only rules that serve its controls, such as CIS-Azure-6.0; reports by control',
  );
}

/** Adds the flag for the exemptions that Azure knows: only a command that reads Azure has them. */
export function addAzureExemptionsFlag(command: Command): Command {
  return command.option('--azure-exemptions', 'count the exemptions of Azure Policy as well');
}

/** Adds the flags for the scope in Azure. */
export function addScopeFlags(command: Command): Command {
  return command
    .addOption(namesFlag('--subscription <id>', 'scan only this subscription, by id or display name'))
    .addOption(namesFlag('--management-group <id>', 'scan every subscription below this management group'))
    .addOption(choice('--cloud <name>', 'Azure cloud to use (default: AzureCloud)', clouds))
    .addOption(tenantFlag())
    .addOption(requestTimeoutFlag());
}

/** The flag for the formats of a document and the files they go to; the first format is the default. */
export function outputFlag(formats: Formats<unknown>, what = 'how to show it'): Option {
  const names = Object.keys(formats);
  const flag = repeatable('-o, --output <format[=path]>', `${what}: ${names.join(', ')}`);
  return Object.assign(flag.default([], names[0]), { argChoices: names });
}

/** The flag for the tenant to sign in to, by its id: it is compared with that in the token. */
export function tenantFlag(): Option {
  return new Option('--tenant <id>', 'sign in to this tenant, and refuse to go on in another').argParser(
    (text) => {
      if (isGuid(text)) return text.toLowerCase();
      throw new InvalidArgumentError(
        'It must be the id of a tenant, which this shows as tenantId:\n  az account list',
      );
    },
  );
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
      'the inventory is whole, even where a bare list in it has exactly 100 or 1,000 rows, as a page has; what it leaves out is gone since the baseline',
    );
}

/** Adds the flags for infrastructure code that is not deployed yet, which replaces Azure. */
export function addCodeFlags(command: Command): Command {
  return command
    .option('--template <file>', 'scan what an ARM template (JSON) declares, before it is deployed')
    .option('--bicep <file>', 'scan what a Bicep file declares, with its modules in the checkout')
    .option('--terraform <file>', 'scan a plan of Terraform or OpenTofu: the JSON that show -json writes')
    .option('--source <folder>', 'scan all Bicep, ARM templates and Terraform code in a folder')
    .option('--parameters <file>', 'parameter file for --template or --bicep')
    .option(
      '--changed-since <commit>',
      'with --source, fail only for what has changed since the branch left this branch, tag or commit',
    )
    .option('--show-deployed', 'say as well what is in Azure of what the code declares');
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
    .option(
      '--baseline <file>',
      'compare with the JSON report of an earlier scan: what is new, changed or gone',
    )
    .option('--fail-on-new', 'exit 1 only for findings that are new or worse since the baseline')
    .option('--allow-incomplete', 'do not exit 3 because something could not be read')
    .option('--include-compliant', 'also list compliant verdicts; implies --full')
    .option(
      '--source-root <path>',
      'folder with Bicep, ARM or Terraform code; SARIF points to what declares each resource',
    )
    .option(
      '--category <name>',
      'name that keeps the alerts of this scan apart from those of other scans in code scanning',
    );
}

/** Adds the flags for how much is read, and whether it is kept. */
export function addReadFlags(command: Command): Command {
  return command
    .option('--full', 'read everything, not only what may fail a rule; the verdicts are the same')
    .option(
      '--archive <dir>',
      'keep the report and all facts in this folder, for rescan and trend; implies --full',
    );
}

/** Adds the flags that choose how much of a report a person is shown. */
export function addViewFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--summary', 'show the result in ten lines (table)').conflicts(['verbose', 'groupBy']),
    )
    .option('--verbose', 'show each finding with every fact and its fix, and leave none out (table)')
    .addOption(
      choice('--group-by <what>', 'group findings by vault, rule or subscription (table)', findingGroupings),
    )
    .addOption(
      choice(
        '--show-severity <severity>',
        'list only findings of this severity or higher, and count the rest (table)',
        severities,
      ),
    );
}

/** Adds the flags that every command has. */
export function addCommonFlags(command: Command): Command {
  return command
    .option('--no-color', 'disable colours')
    .option('-q, --quiet', 'no progress and no notices on standard error')
    .addOption(
      new Option(
        '--debug [=full]',
        'log each request to Azure in a line on standard error, or all that the Azure SDKs log; without tokens',
      ).argParser((text): DebugDetail => {
        if (text === 'requests' || text === 'full') return text;
        throw new InvalidArgumentError('It is given alone, or as --debug=full.');
      }),
    );
}

/** Reads the value of a flag that is a number. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
