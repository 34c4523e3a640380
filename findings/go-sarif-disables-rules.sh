#!/usr/bin/env bash
# What:     github.com/owenrumney/go-sarif/v3 3.3.1 reads a valid SARIF log and writes it with every rule disabled: what is absent comes
#           out as `enabled: false`, with rank 0, the lowest, on rules and results, and with index 0 of artifacts that are not there.
#           By the library's own check the log is no longer valid.
# Expected: `enabled` is true and `rank` is -1, unknown, where they are absent: SARIF 2.1.0, §3.50.2 and §3.50.4,
#           https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html. What is read and written is the same log.
# Handled:  purgeproof writes `enabled: true` for each rule (src/reporters/scan/sarif/rule.ts; test/reporters/github-ingestion.test.ts), which is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > log.sarif <<'JSON'
{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "scanner",
          "rules": [
            { "id": "R1", "defaultConfiguration": { "level": "error" } },
            { "id": "R2", "defaultConfiguration": { "level": "error", "enabled": true } }
          ]
        }
      },
      "results": [
        {
          "ruleId": "R1",
          "level": "error",
          "message": { "text": "a fails R1" },
          "locations": [{ "physicalLocation": { "artifactLocation": { "uri": "main.bicep" }, "region": { "startLine": 1 } } }]
        }
      ]
    }
  ]
}
JSON
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

func main() {
	report, err := sarif.Open("log.sarif")
	if err != nil {
		panic(err)
	}
	file, err := os.Create("written.sarif")
	if err != nil {
		panic(err)
	}
	if err := report.Write(file); err != nil {
		panic(err)
	}
	fmt.Println("valid", report.Validate() == nil)
}
GO
{
  go mod init read
  go get github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif@v3.3.1
  go build -o read .
} > build.log 2>&1 || { tail build.log; exit 1; }

./read > seen
python3 - <<'PYTHON' >> seen
import json

run = json.load(open("written.sarif"))["runs"][0]
for rule in run["tool"]["driver"]["rules"]:
    print(rule["id"], json.dumps(rule["defaultConfiguration"]))
result = run["results"][0]
print("result", result["rank"], json.dumps(result["locations"][0]["physicalLocation"]["artifactLocation"]))
PYTHON
cat seen

diff - seen <<'SEEN'
valid false
R1 {"enabled": false, "level": "error", "rank": 0}
R2 {"enabled": true, "level": "error", "rank": 0}
result 0 {"index": 0, "uri": "main.bicep"}
SEEN
