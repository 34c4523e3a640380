#!/usr/bin/env bash
# What:     regorus 0.14.1 (feature azure_policy): ipRangeContains is false for every range that is no CIDR block: a single address does not
#           contain itself, and first-last contains nothing. Nothing tells that the range was not understood.
# Expected: "Supported formats: Single IP address, CIDR range, Range defined by start and end IP addresses":
#           https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule#policy-functions
#           The built-in definition about the firewall of vaults passes its parameter allowedIPAddresses to it.
# Handled:  purgeproof reads all three, of both families (test/rules/expression/functions.test.ts).
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
use regorus::languages::azure_policy::aliases::AliasRegistry;
use regorus::languages::azure_policy::{compiler, parser};
use regorus::rvm::RegoVM;
use regorus::{Rc, Source, Value};
use serde_json::json;

/// True where a definition audits because the expression is true.
fn holds(expression: &str) -> bool {
    let condition = json!({ "value": format!("[{expression}]"), "equals": true });
    let rule = json!({ "if": condition, "then": { "effect": "audit" } });
    let definition = json!({ "properties": { "mode": "All", "policyRule": rule } }).to_string();
    let source = Source::from_contents("definition.json".into(), definition).unwrap();
    let definition = parser::parse_policy_definition(&source).unwrap();
    let aliases = Rc::new(AliasRegistry::new());
    let program = compiler::compile_policy_definition_with_aliases(&definition, aliases).unwrap();
    let mut input = Value::new_object();
    let members = input.as_object_mut().unwrap();
    members.insert(Value::from("resource"), Value::new_object());
    members.insert(Value::from("parameters"), Value::new_object());
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_input(input);
    machine.set_context(Value::new_object());
    machine.execute_entry_point_by_name("main").unwrap() != Value::Undefined
}

fn main() {
    for expression in [
        "ipRangeContains('192.0.2.0/24', '192.0.2.7')",
        "ipRangeContains('192.0.2.7/32', '192.0.2.7')",
        "ipRangeContains('192.0.2.7', '192.0.2.7')",
        "ipRangeContains('192.0.2.1-192.0.2.9', '192.0.2.7')",
        "ipRangeContains('192.0.2.0/24', '192.0.2.1-192.0.2.9')",
    ] {
        println!("{expression}: {}", holds(expression));
    }
}
RUST
cargo build --quiet > build.log 2>&1 || { tail build.log; exit 1; }
target/debug/judge | tee seen

diff - seen <<'SEEN'
ipRangeContains('192.0.2.0/24', '192.0.2.7'): true
ipRangeContains('192.0.2.7/32', '192.0.2.7'): true
ipRangeContains('192.0.2.7', '192.0.2.7'): false
ipRangeContains('192.0.2.1-192.0.2.9', '192.0.2.7'): false
ipRangeContains('192.0.2.0/24', '192.0.2.1-192.0.2.9'): false
SEEN
