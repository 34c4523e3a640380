import { describe, expect, test } from 'vitest';

import { declaredFix, fixCommand, ruleHelp } from '../../src/rules/rule-help.ts';
import { shippedRules } from '../shipped-rules.ts';

const rules = new Map(shippedRules().map(({ rule }) => [rule.id, rule]));
const rule = (id: string) => rules.get(id)!;

describe('how to fix a rule by hand', () => {
  test.for<[string, RegExp]>([
    ['AKV002', /purge_protection_enabled = true/],
    ['AKV004', /rbac_authorization_enabled = true/],
    ['AKV006', /default_action = "Deny"/],
    ['AKV101', /azurerm_key_vault_managed_hardware_security_module/],
  ])('%s in Terraform', ([id, expected]) => {
    expect(declaredFix(rule(id)).terraform).toMatch(expected);
  });

  test('soft delete has no argument in Terraform, and a place in Bicep', () => {
    expect(declaredFix(rule('AKV001')).terraform).toBeUndefined();
    expect(declaredFix(rule('AKV001')).bicep).toContain('enableSoftDelete: true');
  });

  test('a change inside an object has no command, since ARM replaces the object whole', () => {
    expect(fixCommand(rule('AKV006'))).toBeUndefined();
    expect(fixCommand(rule('AKV002'))).toContain('"enablePurgeProtection":true');
  });

  test('no command that was removed from the Azure CLI, or that rewrites the vault, is ever shown', () => {
    for (const each of rules.values()) {
      expect(ruleHelp(each).markdown).not.toMatch(/--enable-soft-delete|az keyvault update/);
    }
  });

  test('what no write fixes shows none', () => {
    expect(declaredFix(rule('AKV003'))).toEqual({});
    expect(fixCommand(rule('AKV003'))).toBeUndefined();
  });
});
