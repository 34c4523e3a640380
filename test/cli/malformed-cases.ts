import { armTemplate, armVault, bicepVault } from './undeployed-cases.ts';

/** A text that is not what its flag takes, and the place and the words of the error. */
export type Malformed = readonly [what: string, text: string, at: string, words: string];

const vault = armVault({ enablePurgeProtection: true });
const plan = JSON.stringify({ format_version: '1.2', planned_values: {}, resource_changes: [] });

/** A plan with one vault, of which these parts are others. */
function planOf(parts: object, rest: object = {}): string {
  const change = { actions: ['create'], before: null, after: { name: 'kv-a' }, after_unknown: {} };
  const created = {
    address: 'azurerm_key_vault.a',
    type: 'azurerm_key_vault',
    name: 'a',
    mode: 'managed',
    change,
    ...parts,
  };
  return JSON.stringify({ format_version: '1.2', resource_changes: [created], ...rest }, undefined, 1);
}

/** A template with one vault, of which these parts are others. */
function templateWith(parts: object, rest: object = {}): string {
  const own = { type: 'Microsoft.KeyVault/vaults', apiVersion: '2023-07-01', name: 'kv-a', properties: {} };
  return armTemplate([{ ...own, ...parts }], rest);
}

/** A template with a deployment that has this template inside. */
function nested(template: unknown): string {
  const properties = { mode: 'Incremental', template };
  return armTemplate([{ type: 'Microsoft.Resources/deployments', name: 'inner', properties }]);
}

/** Texts that are no ARM templates. */
export const malformedTemplates: readonly Malformed[] = [
  ['an empty file', '', '1:1', 'this is not JSON'],
  ['text', 'a resource vault', '1:1', 'this is not JSON'],
  ['a template that is cut off', vault.slice(0, -20), '', 'expected'],
  ['a missing colon', '{\n  "$schema" "x"\n}', '2:13', 'expected :'],
  ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', '3:3', 'expected , or }'],
  ['a bare word', '{\n  "a": yes\n}', '2:8', 'this is not JSON'],
  ['a string that is not closed', '{\n  "a": "b\n}', '2:8', 'a string is not closed'],
  ['a wrong escape', '{\n  "a": "\\u12"\n}', '2:8', 'begins no character'],
  ['two documents', `${vault}\n{}`, '', 'more than one document stands here'],
  ['a list', '[]', '1:1', 'this is not an ARM template'],
  ['a parameter file', JSON.stringify({ parameters: {} }), '1:1', 'this is not an ARM template'],
  [
    'no resources',
    armTemplate([]).replace('"resources"', '"resource"'),
    '1:1',
    'the template has no resources',
  ],
  [
    'resources as text',
    armTemplate([]).replace('[]', '"none"'),
    '4:3',
    'resources must be a list or an object',
  ],
  ['a resource that is none', armTemplate(['vault']), '4:3', 'a resource must be an object'],
  ['a resource without a type', armTemplate([{ name: 'kv' }]), '5:5', 'a resource has no type'],
  ['a type that is a number', armTemplate([{ type: 1 }]), '5:5', 'the type of a resource must be text'],
  ['a vault without a name', vault.replace('"name": "kv-ledger-qa",', ''), '5:5', 'a vault has no name'],
  ['parameters as a list', armVault({}, { parameters: [] }), '4:3', 'parameters must be an object'],
  [
    'a key that is there twice',
    vault.replace(
      '"enablePurgeProtection": true',
      '"enablePurgeProtection": true, "EnablePurgeProtection": false',
    ),
    '16:40',
    'the key "EnablePurgeProtection" is repeated',
  ],
  ['a name that is a number', templateWith({ name: 7 }), '8:7', 'name must be text'],
  ['a name that is empty', templateWith({ name: '' }), '8:7', 'name must be text'],
  ['properties as text', templateWith({ properties: 'x' }), '9:7', 'properties must be an object'],
  ['properties as a list', templateWith({ properties: [] }), '9:7', 'properties must be an object'],
  ['a condition that is neither true nor false', templateWith({ condition: 'yes' }), '10:7', 'true or false'],
  ['a loop without a count', templateWith({ copy: { name: 'c' } }), '10:7', 'a name and a count'],
  ['a loop of less than nothing', templateWith({ copy: { name: 'c', count: -1 } }), '10:7', 'not negative'],
  ['children as text', templateWith({ resources: 'x' }), '10:7', 'resources must be a list or an object'],
  ['a child without a type', templateWith({ resources: [{ name: 'x' }] }), '11:9', 'a resource has no type'],
  ['an unknown language version', templateWith({}, { languageVersion: '3.0' }), '4:3', '"1.0" or "2.0"'],
  ['a parameter as text', templateWith({}, { parameters: { p: 'x' } }), '5:5', 'must be an object'],
  [
    'an unknown type of a parameter',
    templateWith({}, { parameters: { p: { type: 'boolean' } } }),
    '5:5',
    'must be string, int, bool',
  ],
  ['a call that is not closed', templateWith({ name: "[concat('a', 'b']" }), '8:7', 'is not closed'],
  ['a quote that is not closed', templateWith({ name: "[concat('a)]" }), '8:7', 'is not closed'],
  ['a template inside that is text', nested('x'), '10:9', 'template must be an object'],
  ['a template inside without resources', nested({}), '10:21', 'the template has no resources'],
  [
    'resources inside that are text',
    nested({ resources: 'x' }),
    '11:11',
    'resources must be a list or an object',
  ],
  [
    'a vault inside without a name',
    nested({ resources: [{ type: 'Microsoft.KeyVault/vaults' }] }),
    '12:13',
    'a vault has no name',
  ],
];

/** Texts that are no Bicep files. */
export const malformedBicep: readonly Malformed[] = [
  ['a brace that is not closed', bicepVault('').replace(/\}\s*$/, ''), '', 'expected'],
  ['a string that is not closed', "param x string = 'never\n", '', 'not closed'],
  ['another language', 'SELECT * FROM vaults;\n', '1:1', 'this begins no statement'],
  ['a resource without a body', "resource v 'Microsoft.KeyVault/vaults@2023-07-01'\n", '1:50', 'expected ='],
];

/** Texts that are no plans. */
export const malformedPlans: readonly Malformed[] = [
  ['an empty file', '', '1:1', 'the file is empty'],
  ['a plan as Terraform saves it', 'PK\u0003\u0004binary', '1:1', 'in the format of Terraform itself'],
  ['a plan as text', 'Terraform will perform the following actions:\n', '1:1', 'a plan as text'],
  [
    'the log of a plan',
    '{"@level":"info","@message":"Plan: 1 to add"}\n',
    '1:1',
    'the log of terraform plan -json',
  ],
  [
    'a state file',
    JSON.stringify({ version: 4, lineage: 'x', resources: [] }),
    '1:1',
    'this is a state file',
  ],
  [
    'the state as JSON',
    JSON.stringify({ format_version: '1.0', values: {} }),
    '1:1',
    'this is a state, not a plan',
  ],
  ['nothing planned', JSON.stringify({ format_version: '1.0' }), '1:1', 'it holds nothing'],
  ['no version', JSON.stringify({ planned_values: {} }), '1:1', 'it has no format_version'],
  ['a version to come', plan.replace('1.2', '2.0'), '1:1', 'is not known here'],
  [
    'changes that are no list',
    plan.replace('"resource_changes":[]', '"resource_changes":{}'),
    '1:45',
    'resource_changes must be a list',
  ],
  [
    'values that are no object',
    plan.replace('"planned_values":{}', '"planned_values":[]'),
    '1:25',
    'planned_values must be an object',
  ],
  ['a version that is a number', plan.replace('"1.2"', '1.2'), '1:1', 'it has no format_version'],
  ['a list', '[]', '1:1', 'a plan is a JSON object'],
  ['two documents', `${plan}\n${plan}`, '2:1', 'more than one document stands here'],
  ['a failure that is text', planOf({}, { errored: 'no' }), '21:2', 'errored must be true or false'],
  [
    'a key that is there twice',
    planOf({}).replace('"mode"', '"type": "x",\n "mode"'),
    '8:4',
    'the key "type" is repeated',
  ],
  ['a change that is a number', plan.replace('[]', '[7]'), '1:45', 'must be an object'],
  ['a change without an address', planOf({ address: undefined }), '4:3', 'has no address'],
  ['a change without a type', planOf({ type: undefined }), '4:3', 'has no type'],
  ['a change without a mode', planOf({ mode: undefined }), '4:3', 'has no mode'],
  ['a name that is a number', planOf({ name: 7 }), '4:3', 'has no name that is text'],
  ['a change that changes nothing', planOf({ change: undefined }), '4:3', 'has no object change'],
  ['actions as text', planOf({ change: { actions: 'create' } }), '4:3', 'must be a list'],
  ['no actions', planOf({ change: { actions: [] } }), '4:3', 'must be a list'],
  ['an action that nobody knows', planOf({ change: { actions: ['make'] } }), '4:3', 'not known here'],
  [
    'attributes as text',
    planOf({ change: { actions: ['create'], after: 'kv' } }),
    '4:3',
    'after must be an object',
  ],
  [
    'a creation of nothing',
    planOf({ change: { actions: ['create'], after: null } }),
    '4:3',
    'after must be an object',
  ],
  [
    'marks that are text',
    planOf({ change: { actions: ['create'], after: {}, after_unknown: 'all' } }),
    '4:3',
    'after_unknown must be',
  ],
  ['a plan that is cut off', plan.slice(0, -2), '1:65', 'this is not JSON'],
];

/** Names and texts of files that are no parameter files of a template `main.json`, and the words of the errors. */
export const malformedParameters = [
  ['values.json', '{}', 'it has no object parameters'],
  ['values.json', '{"parameters": ', 'this is not JSON'],
  ['values.bicepparam', 'using main.json\n', 'does not say that it is for'],
] as const;
