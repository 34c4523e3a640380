#!/usr/bin/env bash
# What:     @mitre/hdf-converters 2.12.6 (Heimdall and the SAF CLI; 2.14.0 has the same mapper) joins the results of SARIF that have one
#           rule into one control, with the message and the logical location of the first. Of the others the line of their file is
#           left: where a rule fails on three resources, two are named nowhere.
# Expected: each result with its `message`, which the specification wants of every result (SARIF 2.1.0, §3.27.11), or an error.
# Handled:  docs/reports.md. What is read in Heimdall names one vault for each rule; the others are in the report itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @mitre/hdf-converters@2.12.6 >/dev/null 2>&1

cat > convert.mjs <<'NODE'
import converters from '@mitre/hdf-converters';

const result = (vault) => ({
  ruleId: 'R1',
  level: 'error',
  message: { text: `${vault} fails R1: it is off` },
  locations: [
    {
      physicalLocation: { artifactLocation: { uri: 'rules/R1.yaml' }, region: { startLine: 2, startColumn: 5 } },
      logicalLocations: [{ name: vault, kind: 'resource' }],
    },
  ],
});
const vaults = ['vault-a', 'vault-b', 'vault-c'];
const run = { tool: { driver: { name: 'scanner', rules: [{ id: 'R1' }] } }, results: vaults.map(result) };
const hdf = new converters.SarifMapper(JSON.stringify({ version: '2.1.0', runs: [run] })).toHdf();

for (const { id, title, results } of hdf.profiles[0].controls) {
  console.log(id, title);
  for (const { status, code_desc } of results) console.log(' ', status, code_desc);
}
for (const vault of vaults) console.log(vault, JSON.stringify(hdf).includes(vault));
NODE
node convert.mjs | tee seen

diff - seen <<'SEEN'
R1 vault-a fails R1
  failed URL : rules/R1.yaml LINE : 2 COLUMN : 5
  failed URL : rules/R1.yaml LINE : 2 COLUMN : 5
  failed URL : rules/R1.yaml LINE : 2 COLUMN : 5
vault-a true
vault-b false
vault-c false
SEEN
