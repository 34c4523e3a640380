#!/usr/bin/env bash
# What:     regorus 0.14.1 (feature azure_policy) takes an array that is missing for one element that is null: a condition on its members
#           holds or not as it would for null. Of an empty array every condition holds. length() of field() of it is no number.
# Expected: of a missing array `[*]` selects "an empty collection of values", so that a condition on all of them holds, and field()
#           is an empty text, whose length is 0: the tables of
#           https://learn.microsoft.com/azure/governance/policy/how-to/author-policies-for-arrays#referencing-the-array-members-collection
# Handled:  purgeproof follows the documentation (docs/writing-rules.md, Field paths; test/rules/evaluate.test.ts). Whether
#           Azure itself does cannot be seen from here: its authors know the service, and give no source.
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

const ARRAY: &str = "Microsoft.KeyVault/vaults/networkAcls.ipRules";
const MEMBERS: &str = "Microsoft.KeyVault/vaults/networkAcls.ipRules[*].value";

fn is_audited(condition: &Json, properties: &Json) -> bool {
    let aliases = json!([
        { "name": ARRAY, "defaultPath": "properties.networkAcls.ipRules", "paths": [] },
        { "name": MEMBERS, "defaultPath": "properties.networkAcls.ipRules[*].value", "paths": [] },
    ]);
    let types = json!([{ "resourceType": "vaults", "aliases": aliases }]);
    let mut registry = AliasRegistry::new();
    registry.load_from_json(&json!([{ "namespace": "Microsoft.KeyVault", "resourceTypes": types }]).to_string()).unwrap();
    let registry = Rc::new(registry);

    let rule = json!({ "if": condition, "then": { "effect": "audit" } });
    let definition = json!({ "properties": { "mode": "Indexed", "policyRule": rule } }).to_string();
    let source = Source::from_contents("definition.json".into(), definition).unwrap();
    let definition = parser::parse_policy_definition(&source).unwrap();
    let program = compiler::compile_policy_definition_with_aliases(&definition, Rc::clone(&registry)).unwrap();

    let vault = json!({ "name": "kv", "type": "Microsoft.KeyVault/vaults", "properties": properties });
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
    for (name, properties) in [("empty", json!({ "networkAcls": { "ipRules": [] } })), ("missing", json!({ "networkAcls": {} }))] {
        println!(
            "{name}: equals {}, notEquals {}, length 0 {}",
            is_audited(&json!({ "field": MEMBERS, "equals": "192.0.2.7" }), &properties),
            is_audited(&json!({ "field": MEMBERS, "notEquals": "192.0.2.7" }), &properties),
            is_audited(&json!({ "value": format!("[length(field('{ARRAY}'))]"), "equals": 0 }), &properties),
        );
    }
}
RUST
cargo build --quiet > build.log 2>&1 || { tail build.log; exit 1; }
target/debug/judge | tee seen

diff - seen <<'SEEN'
empty: equals true, notEquals true, length 0 true
missing: equals false, notEquals true, length 0 false
SEEN
