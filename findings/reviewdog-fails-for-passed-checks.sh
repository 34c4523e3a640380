#!/usr/bin/env bash
# What:     reviewdog 0.21.0 with -fail-level=error fails for a result of SARIF whose level is "none", as that of a passed check has to
#           be, and of one that is not known; it does not fail for "note" and "warning". What is least is taken for the most.
# Expected: "none" is below "note": the result is no problem (SARIF 2.1.0, §3.27.10). -fail-level is for issues "with severity greater
#           than or equal to the given level": https://github.com/reviewdog/reviewdog#exit-codes
# Handled:  the profile `sarif` has non-compliant results only, and is what such programs should read (docs/reports.md).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

GOBIN="$folder" go install github.com/reviewdog/reviewdog/cmd/reviewdog@v0.21.0 > build.log 2>&1 || { tail build.log; exit 1; }

log() {
  cat <<JSON
{
  "version": "2.1.0",
  "runs": [
    {
      "tool": { "driver": { "name": "scanner", "rules": [{ "id": "R1" }] } },
      "results": [
        {
          "ruleId": "R1",
          "ruleIndex": 0,
          "kind": "$1",
          "level": "$2",
          "message": { "text": "a result" },
          "locations": [{ "physicalLocation": { "artifactLocation": { "uri": "main.bicep" }, "region": { "startLine": 1 } } }]
        }
      ]
    }
  ]
}
JSON
}

git init --quiet .
for each in 'pass none' 'open none' 'fail note' 'fail warning' 'fail error'; do
  read -r kind level <<< "$each"
  code=0
  log "$kind" "$level" | ./reviewdog -f=sarif -reporter=local -filter-mode=nofilter -fail-level=error >/dev/null 2>&1 || code=$?
  echo "$kind $level: $code"
done | tee seen

diff - seen <<'SEEN'
pass none: 1
open none: 1
fail note: 0
fail warning: 0
fail error: 1
SEEN
