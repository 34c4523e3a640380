import type { EstatePart, EstateSurvey } from '../model/estate-survey.ts';
import { joinWords } from '../model/join-words.ts';
import { escapeInvisible, revealInvisible } from './text/invisible.ts';
import { count, number } from './words/counts.ts';

/** A configuration to begin with: `undefined` where nothing could be read, or was to be. */
export interface Starter {
  readonly survey: EstateSurvey | undefined;
  /** The path of the inventory from the folder of the file; absent where there is none, or it came on standard input. */
  readonly inventory?: string | undefined;
  /** `2026-11-30`. */
  readonly day: string;
}

/**
 * The text of a purgeproof.yaml to begin with. What is set in it are the defaults; a `#` without exactly one space behind it
 * begins a proposal, which is valid once the `#` is taken away. Names of others are quoted, and on one line.
 */
export function starterConfiguration({ survey, inventory, day }: Starter): string {
  const lines = [
    '# yaml-language-server: $schema=https://raw.githubusercontent.com/purgeproof/purgeproof/main/schemas/config.schema.json',
    ...introduction(survey, day),
    '',
    ...scopeLines(survey, inventory),
    '',
    ...retentionLines(survey),
    '',
    '# Rules of your own, and risks that were accepted.',
    '#policies: [rules]',
    '#exemptions: accepted.yaml',
    '',
    '# The lowest severity that results in exit code 1.',
    'failOn: low',
    '#output: [table, json=purgeproof.json, sarif=purgeproof.sarif]',
    '',
    '# Limits on apply, deleted recover and deleted purge, whatever their flags say.',
    'writes:',
    '  maxChanges: 25',
    '#  allow: [safe, irreversible]',
    ...neverLines(survey),
    '#deleted: { purge: never }',
    '',
  ];
  return lines.join('\n');
}

function introduction(survey: EstateSurvey | undefined, day: string): readonly string[] {
  const from =
    survey === undefined
      ? ['# Written by purgeproof init; nothing was asked of Azure.']
      : [
          `# Written by purgeproof init on ${day} from ${sourceOf(survey)}: ${amountOf(survey)}.`,
          ...(survey.gaps === 0
            ? []
            : [`# INCOMPLETE: ${count(survey.gaps, 'thing')} could not be read, so there may be more.`]),
        ];
  return [
    ...from,
    '# What is set here are the defaults. A # with one space behind it begins a remark, any other a proposal: take it away.',
    '# Every key: https://github.com/purgeproof/purgeproof/blob/main/docs/configuration.md',
  ];
}

function sourceOf({ inventory }: EstateSurvey): string {
  if (inventory === undefined) return 'Azure';
  return inventory === '-' ? 'an inventory' : `the inventory ${comment(inventory)}`;
}

function amountOf({ vaults, hsms, unprotected, subscriptions }: EstateSurvey): string {
  const kinds = [count(vaults, 'vault'), ...(hsms === 0 ? [] : [count(hsms, 'managed HSM')])];
  const where = subscriptions.length === 0 ? '' : ` in ${count(subscriptions.length, 'subscription')}`;
  return `${joinWords(kinds)}${where}, ${number(unprotected)} without purge protection`;
}

const mostNamed = 12;

function scopeLines(survey: EstateSurvey | undefined, inventory: string | undefined): readonly string[] {
  const { subscriptions = [], managementGroups = [] } = survey ?? {};
  if (survey?.inventory !== undefined)
    return [
      '# Azure is scanned, all that the identity can see; or an inventory.',
      ...(inventory === undefined ? [] : [`#inventory: ${quoted(inventory)}`]),
    ];
  const named = subscriptions.slice(0, mostNamed);
  const groups = managementGroups.slice(0, mostNamed);
  return [
    '# Every subscription that the identity can see is scanned.',
    ...named.map(({ name, resources }) => `# - ${comment(name)}: ${amount(resources)}`),
    ...(subscriptions.length > named.length
      ? [`# - and ${number(subscriptions.length - named.length)} more`]
      : []),
    '# A management group covers all that is added below it later, and says so where one of it cannot be read.',
    '#managementGroups:',
    ...(groups.length === 0
      ? ['#  - production']
      : groups.map(
          ({ id, name, resources }) =>
            `#  - ${quoted(id)} # ${name === id ? '' : `${comment(name)}: `}${amount(resources)}`,
        )),
  ];
}

function retentionLines(survey: EstateSurvey | undefined): readonly string[] {
  const proposals = survey === undefined ? neutralProposal : proposalsFrom(survey);
  return [
    '# For how many days what is deleted must be kept, at least.',
    ...(survey === undefined || survey.retention.length === 0 ? [] : [`# In use: ${inUse(survey)}.`]),
    'parameters:',
    '  minimumRetentionDays: 90',
    ...(proposals.length === 0
      ? []
      : [
          '# Another value for a part; of several that match, the most specific scope decides.',
          '#parametersByScope:',
        ]),
    ...proposals,
  ];
}

const neutralProposal = [
  '#  - scope: { tag: { env: sandbox } }',
  '#    parameters: { minimumRetentionDays: 7 }',
];

/** Parts most of which keep less than everything must: the days that the least of them keeps. */
function proposalsFrom({ tags, subscriptions }: EstateSurvey): readonly string[] {
  const scopes = [
    ...compatible(tags.filter(keepsLess)).map((part) => ({
      part,
      scope: `{ tag: { ${quoted(part.tag)}: ${quoted(part.value)} } }`,
      name: '',
    })),
    ...subscriptions.map((part) => ({
      part,
      scope: `{ subscription: ${quoted(part.id)} }`,
      name: `${comment(part.name)}, `,
    })),
  ];
  return scopes
    .filter(({ part }) => keepsLess(part))
    .slice(0, mostNamed)
    .flatMap(({ part, scope, name }) => [
      `#  - scope: ${scope} # ${name}${amount(part.resources)}: ${inUse(part)}`,
      `#    parameters: { minimumRetentionDays: ${leastDays(part)} }`,
    ]);
}

function leastDays({ retention: [least] }: EstatePart): number {
  return least?.days ?? 90;
}

/** Two tags of different names may be on one resource: those that would contradict one before them are left out. */
function compatible(tags: EstateSurvey['tags']): EstateSurvey['tags'] {
  const kept: EstateSurvey['tags'][number][] = [];
  for (const one of tags)
    if (kept.every((other) => other.tag === one.tag || leastDays(other) === leastDays(one))) kept.push(one);
  return kept;
}

/** A few of many that keep less are what a scan is to find, and no reason for another value. */
function keepsLess({ resources, retention }: EstatePart): boolean {
  const less = retention.filter(({ days }) => days < 90).map((one) => one.resources);
  return less.reduce((sum, count) => sum + count, 0) * 2 > resources;
}

function neverLines(survey: EstateSurvey | undefined): readonly string[] {
  const [first] = survey?.subscriptions ?? [];
  const scope =
    first === undefined
      ? '{ subscription: 00000000-0000-0000-0000-000000000000 }'
      : `{ subscription: ${quoted(first.id)} } # ${comment(first.name)}`;
  return ['#  never:', `#    - ${scope}`];
}

const mostDays = 6;

/** `7 days in 3, 90 days in 40`. */
function inUse({ retention }: EstatePart): string {
  const shown = retention
    .slice(0, mostDays)
    .map(({ days, resources }) => `${days} days in ${number(resources)}`);
  return retention.length > mostDays ? `${shown.join(', ')} and others` : shown.join(', ');
}

function amount(resources: number): string {
  return count(resources, 'resource');
}

const longestName = 200;

/** Text of others for a comment: on one line, with all that is in it to be seen. */
function comment(text: string): string {
  const short = text.length > longestName ? `${text.slice(0, longestName)}…` : text;
  return revealInvisible(short);
}

/** Text of others as a value in quotes: JSON is YAML. */
function quoted(text: string): string {
  return escapeInvisible(JSON.stringify(text));
}

/** A workflow that scans with a configuration every day. `config` is its path from the root of the repository. */
export function starterWorkflow({
  config,
  version,
}: {
  readonly config: string;
  readonly version: string;
}): string {
  return `# Scans the key vaults every day, and uploads what it finds to code scanning.
# One-time setup in Azure and GitHub: https://github.com/purgeproof/purgeproof/blob/main/docs/github-action.md
name: key vaults
on:
  schedule:
    - cron: '17 5 * * *'
  workflow_dispatch:
permissions: {}
concurrency:
  group: key-vaults
  cancel-in-progress: false
jobs:
  scan:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read
      id-token: write # sign in to Azure without a secret
      security-events: write # upload to code scanning
      actions: read # the upload needs it in a private repository
    env:
      AZURE_TOKEN_CREDENTIALS: AzureCliCredential
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: azure/login@f5d393ae46f8fde4be8b75f32e3fc50e654ad0ca # v3.0.1
        with:
          client-id: \${{ vars.AZURE_CLIENT_ID }}
          tenant-id: \${{ vars.AZURE_TENANT_ID }}
          allow-no-subscriptions: true
      # Replace the tag by the full commit id of the release.
      - uses: purgeproof/purgeproof@v${version}
        with:
          config: ${JSON.stringify(config)}
          upload: true
`;
}
