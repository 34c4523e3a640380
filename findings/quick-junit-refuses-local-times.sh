#!/usr/bin/env bash
# What:     quick-junit 0.8.0, the data model of cargo-nextest, refuses a whole JUnit report because the timestamp of a suite has no
#           offset, as Ant, jest-junit and purgeproof write it.
# Expected: the report. The schema that others are made after wants the time so, "Timezone may not be specified":
#           https://github.com/windyroad/JUnit-Schema/blob/master/JUnit.xsd
# Handled:  purgeproof goes on to write times so (src/reporters/scan/junit.ts): a reader made after that schema refuses any other.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "read"
version = "0.0.0"
edition = "2021"

[dependencies]
quick-junit = "=0.8.0"
TOML
cat > src/main.rs <<'RUST'
fn main() {
    for time in ["2026-03-01T12:00:00", "2026-03-01T12:00:00Z"] {
        let suite = format!(r#"<testsuite name="s" tests="1" failures="0" errors="0" disabled="0" timestamp="{time}">"#);
        let report = format!(
            r#"<testsuites name="r" tests="1" failures="0" errors="0">{suite}<testcase name="t" classname="c"/></testsuite></testsuites>"#
        );
        match quick_junit::Report::deserialize_from_str(&report) {
            Ok(report) => println!("{time}: {} suite", report.test_suites.len()),
            Err(error) => println!("{time}: {error}"),
        }
    }
}
RUST
cargo build --quiet > build.log 2>&1 || { tail build.log; exit 1; }
target/debug/read | tee seen

diff - seen <<'SEEN'
2026-03-01T12:00:00: at testsuites/testsuite[0]/@timestamp: invalid timestamp: 2026-03-01T12:00:00
2026-03-01T12:00:00Z: 1 suite
SEEN
