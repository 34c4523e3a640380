#!/usr/bin/env bash
# What:     regorus 0.14.1 (feature azure_policy): a count over a nested array, without `where`, is no number as soon as one member of
#           the outer array lacks the inner one. It is then neither 0 nor more than 0, and a definition that asks for either passes.
#           An access policy for keys alone, beside one for secrets, hides what a definition counts.
# Expected: the number of members of the nested arrays; what is missing is an empty collection:
#           https://learn.microsoft.com/azure/governance/policy/how-to/author-policies-for-arrays
#           With a `where` that always holds, regorus gives it.
# Handled:  purgeproof counts them (test/azure-policy/truth-tables.test.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "judge"
version = "0.0.0"
edition = "2021"

[dependencies]
regorus = { version = "=0.14.1", features = ["azure_policy"] }
serde_json = "1"
TOML
cat > src/main.rs <<'RUST'
use regorus::languages::azure_policy::aliases::{normalizer, AliasRegistry};
use regorus::languages::azure_policy::{compiler, parser};
use regorus::rvm::RegoVM;
use regorus::{Rc, Source, Value};
use serde_json::{json, Value as Json};

const SECRETS: &str = "Microsoft.KeyVault/vaults/accessPolicies[*].permissions.secrets[*]";

fn is_audited(condition: &Json, policies: &Json) -> bool {
    let alias = json!({ "name": SECRETS, "defaultPath": "properties.accessPolicies[*].permissions.secrets[*]", "paths": [] });
    let types = json!([{ "resourceType": "vaults", "aliases": [alias] }]);
    let mut registry = AliasRegistry::new();
    registry.load_from_json(&json!([{ "namespace": "Microsoft.KeyVault", "resourceTypes": types }]).to_string()).unwrap();
    let registry = Rc::new(registry);

    let rule = json!({ "if": condition, "then": { "effect": "audit" } });
    let definition = json!({ "properties": { "mode": "Indexed", "policyRule": rule } }).to_string();
    let source = Source::from_contents("definition.json".into(), definition).unwrap();
    let definition = parser::parse_policy_definition(&source).unwrap();
    let program = compiler::compile_policy_definition_with_aliases(&definition, Rc::clone(&registry)).unwrap();

    let vault = json!({ "name": "kv", "type": "Microsoft.KeyVault/vaults", "properties": { "accessPolicies": policies } });
    let resource = normalizer::normalize(&Value::from_json_str(&vault.to_string()).unwrap(), Some(&registry), None);
    let mut input = Value::new_object();
    let members = input.as_object_mut().unwrap();
    members.insert(Value::from("resource"), resource);
    members.insert(Value::from("parameters"), Value::new_object());
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_input(input);
    machine.set_context(Value::new_object());
    machine.execute_entry_point_by_name("main").unwrap() != Value::Undefined
}

fn main() {
    let count = json!({ "field": SECRETS });
    let always = json!({ "field": SECRETS, "where": { "field": SECRETS, "exists": true } });
    let secrets = json!({ "objectId": "a", "permissions": { "secrets": ["get", "purge"] } });
    let keys = json!({ "objectId": "b", "permissions": { "keys": ["get"] } });
    for (name, policies) in [("secrets", json!([secrets])), ("secrets and keys", json!([secrets, keys]))] {
        println!(
            "{name}: more than 0 {}, 0 {}, more than 0 that exist {}",
            is_audited(&json!({ "count": count, "greater": 0 }), &policies),
            is_audited(&json!({ "count": count, "equals": 0 }), &policies),
            is_audited(&json!({ "count": always, "greater": 0 }), &policies),
        );
    }
}
RUST
cargo build --quiet > build.log 2>&1 || { tail build.log; exit 1; }
target/debug/judge | tee seen

diff - seen <<'SEEN'
secrets: more than 0 true, 0 false, more than 0 that exist true
secrets and keys: more than 0 false, 0 false, more than 0 that exist true
SEEN
