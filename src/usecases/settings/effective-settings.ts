import type { Config } from '../../model/config.ts';
import type { EffectiveSetting, EffectiveSettings, ValueOrigin } from '../../model/effective-settings.ts';
import type { Json } from '../../model/json.ts';
import type { Origin } from '../../model/settings.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { effectiveParametersOf, effectiveScopesIn } from './effective-parameters.ts';
import type { ScanFlags, ScanSettings, SettingsRead } from './scan-settings.ts';
import { originsIn, toOrigin } from './value-origins.ts';

/** The settings of a scan as they were read, its flags, and its rules. */
export interface EffectiveRequest {
  readonly read: Pick<SettingsRead, 'config' | 'settings'>;
  readonly flags: ScanFlags;
  readonly rules: readonly CompiledRule[];
  /** The settings that the environment decides. */
  readonly environment: readonly EffectiveSetting[];
}

/** Says of every setting and parameter what is in force, and where it comes from. */
export function effectiveSettings({ read, flags, rules, environment }: EffectiveRequest): EffectiveSettings {
  const { config, settings } = read;
  const originOf = originsIn(config, flags);
  return {
    schemaVersion: '1.0',
    files: config === undefined ? [] : [...(config.below ?? []), config.file],
    settings: [
      ...targetRows(settings),
      ...addedRows(read, flags),
      ...choiceRows(settings, rules),
      ...reportRows(settings),
      ...connectionRows(config, settings),
    ]
      .map(([key, value, origin]) => ({ key, value, origin: origin ?? originOf(key) }))
      .concat(limitRows(config), environment),
    parameters: rules.flatMap((rule) => effectiveParametersOf(rule, settings.parameters)),
    parametersByScope: effectiveScopesIn(rules),
  };
}

/** A key, its value, and its origin where that is not the one of the key. */
type Row = readonly [key: string, value: Json, origin?: ValueOrigin];

function targetRows({ target, filter }: ScanSettings): readonly Row[] {
  const isLive = target.kind === 'live';
  const inventory = target.kind === 'inventory' ? target : undefined;
  return [
    ['subscriptions', isLive ? target.subscriptions : []],
    ['managementGroups', isLive ? target.managementGroups : []],
    ['resourceGroups', filter?.resourceGroups ?? []],
    ['vaults', filter?.vaults ?? []],
    ['tags', filter?.tags ?? []],
    ['inventory', inventory?.file ?? null],
    ['inventoryComplete', inventory?.complete ?? false],
    ['include', isLive ? target.include : []],
  ];
}

/** Lists that add up: each item has a place of its own. */
function addedRows({ config, settings }: EffectiveRequest['read'], flags: ScanFlags): readonly Row[] {
  const places = new Map((config?.paths ?? []).map(({ path, origin }) => [path, origin]));
  const policies = settings.policies.map((path): Row => {
    const isFlag = flags.policies.includes(path);
    return ['policies', path, toOrigin(isFlag ? `--policies ${path}` : (places.get(path) ?? ''))];
  });
  const excluded = settings.excludeRules.map(({ rule, origin }): Row => [
    'excludeRules',
    rule,
    toOrigin(origin),
  ]);
  const { frameworks = [] } = settings;
  return [
    ...(policies.length === 0 ? [['policies', []] as const] : policies),
    ['defaultPolicies', settings.defaultPolicies],
    ...(settings.rules.length === 0
      ? [['rules', []] as const]
      : settings.rules.map(({ rule, origin }): Row => ['rules', rule, toOrigin(origin)])),
    ...(excluded.length === 0 ? [['excludeRules', []] as const] : excluded),
    ...(frameworks.length === 0
      ? [['frameworks', []] as const]
      : frameworks.map(({ framework, origin }): Row => ['frameworks', framework, toOrigin(origin)])),
  ];
}

/** Of two severities for one rule, which has an id and a name, the first one counts. */
function choiceRows(
  { severities, exemptions, azureExemptions }: ScanSettings,
  rules: readonly CompiledRule[],
): readonly Row[] {
  const ids = new Map(rules.map(({ rule }) => [rule.name.toLowerCase(), rule.id]));
  const known = severities.map((one) =>
    Object.assign({}, one, { id: ids.get(one.rule.toLowerCase()) ?? one.rule }),
  );
  const first = new Map(known.toReversed().map((one) => [one.id.toLowerCase(), one]));
  return [
    ...Array.from(first.values(), ({ id, severity, origin }): Row => [
      `severities.${id}`,
      severity,
      toOrigin(origin),
    ]),
    ['exemptions', exemptions ?? null],
    ['azureExemptions', azureExemptions],
  ];
}

function reportRows(settings: ScanSettings): readonly Row[] {
  const { baseline, archive, failOn, failOnNew, allowIncomplete, includeCompliant, outputs } = settings;
  return [
    ['baseline', baseline ?? null],
    ['archive', archive ?? null],
    ['failOn', failOn],
    ['failOnNew', failOnNew],
    ['allowIncomplete', allowIncomplete],
    ['includeCompliant', includeCompliant],
    ['output', outputs.length === 0 ? ['table'] : outputs],
  ];
}

function connectionRows(config: Config | undefined, settings: ScanSettings): readonly Row[] {
  const { cloud, tenantId, requestTimeoutMs, vaultTimeoutMs } = settings;
  return [
    ['cloud', cloud],
    ['tenant', tenantId ?? null],
    ['requestTimeout', seconds(requestTimeoutMs)],
    ['vaultTimeout', seconds(vaultTimeoutMs)],
    ...(config?.deleted === undefined
      ? [['deleted.purge', 'allowed'] as const]
      : [['deleted.purge', config.deleted.purge, { kind: 'file', ...config.deleted.origin }] as const]),
  ];
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000}s`;
}

/** The limits on writes: each of them holds. */
function limitRows(config: Config | undefined): readonly EffectiveSetting[] {
  return (config?.writes ?? []).flatMap(({ allow, maxChanges, never }) => {
    const scopes = never.map(({ scope, origin }) => fromFile('writes.never', { ...scope }, origin));
    const most = maxChanges && [fromFile('writes.maxChanges', maxChanges.most, maxChanges.origin)];
    const risks = allow && [fromFile('writes.allow', allow.risks, allow.origin)];
    return (risks ?? []).concat(most ?? [], scopes);
  });
}

function fromFile(key: string, value: Json, origin: Origin): EffectiveSetting {
  return { key, value, origin: toOrigin(origin) };
}
