#!/usr/bin/env bash
# What:     @microsoft/sarif-multitool 5.7.0: match-results-forward calls a result "unchanged" that passed in the earlier log and
#           fails in this one, and one whose suppression has ended. A gate on what is new, as its own `query` makes one, finds nothing.
# Expected: "unchanged" only where the result is the same; one that has changed is "updated": SARIF 2.1.0, §3.27.24, baselineState,
#           https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
# Handled:  `--baseline` and `diff` compare verdicts: compliant before and non-compliant now is new, an exemption that has ended
#           is an update. docs/comparing-reports.md says not to compare sarif-full by this tool.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @microsoft/sarif-multitool-linux@5.7.0 >/dev/null 2>&1
multitool=node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
chmod +x "$multitool"

cat > logs.py <<'PYTHON'
import json


def result(name, kind, suppressions):
    return {
        "ruleId": "R1",
        "kind": kind,
        "level": "error" if kind == "fail" else "none",
        "message": {"text": f"{name}: {kind}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "main.bicep"}, "region": {"startLine": 1}}}],
        "partialFingerprints": {"resource/v1": name},
        "suppressions": suppressions,
    }


def write(file, *results):
    driver = {"name": "scanner", "version": "1.0.0", "rules": [{"id": "R1"}]}
    run = {"tool": {"driver": driver}, "results": results}
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    json.dump(log, open(file, "w"))


accepted = [{"kind": "external", "status": "accepted"}]
write("before.sarif", result("a", "pass", []), result("b", "fail", accepted), result("c", "fail", []))
write("now.sarif", result("a", "fail", []), result("b", "fail", []), result("c", "fail", []), result("d", "fail", []))
PYTHON
python3 logs.py

"$multitool" match-results-forward --previous before.sarif --output-file-path matched.sarif now.sarif >/dev/null
python3 - <<'PYTHON' > seen
import json

for result in json.load(open("matched.sarif", encoding="utf-8-sig"))["runs"][0]["results"]:
    print(result["message"]["text"], result["baselineState"])
PYTHON
"$multitool" query matched.sarif --expression "BaselineState == 'New' || BaselineState == 'Updated'" | grep -o 'Found [0-9]* of [0-9]*' >> seen
cat seen

diff - seen <<'SEEN'
a: fail unchanged
b: fail unchanged
c: fail unchanged
d: fail new
Found 1 of 4
SEEN
