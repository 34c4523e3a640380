#!/usr/bin/env bash
# What:     @microsoft/sarif-multitool 5.7.0: `merge --merge-empty-logs` drops the invocations of a run without results. A run that
#           failed, and so found nothing, leaves its category to the merged run, which then says that it succeeded.
# Expected: a run that says of itself what both said: its logs are merged, empty ones too, and `executionSuccessful` is false of a
#           run that failed (SARIF 2.1.0, §3.20.14). With one result in the run that failed, both invocations are kept.
# Handled:  docs/github-action.md: one scan of all subscriptions, or a category for each upload; files are not merged. Exit code 3
#           and the outputs of the action tell of an incomplete scan in any case.
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


def write(file, category, failure, names):
    results = [{"ruleId": "R1", "level": "error", "message": {"text": name}} for name in names]
    notifications = [{"level": "error", "message": {"text": failure}}] if failure else []
    run = {
        "tool": {"driver": {"name": "scanner", "version": "1.0.0", "rules": [{"id": "R1"}]}},
        "automationDetails": {"id": category},
        "invocations": [{"executionSuccessful": not failure, "toolExecutionNotifications": notifications}],
        "results": results,
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    json.dump(log, open(file, "w"))


write("read.sarif", "read/", None, ["a"])
write("denied.sarif", "denied/", "subscription could not be read", [])
write("partial.sarif", "partial/", "subscription could not be read", ["b"])
PYTHON
python3 logs.py

merge() {
  "$multitool" merge "$@" --merge-empty-logs --output-file merged.sarif >/dev/null
  python3 - <<'PYTHON'
import json

for run in json.load(open("merged.sarif", encoding="utf-8-sig"))["runs"]:
    successful = sorted(invocation["executionSuccessful"] for invocation in run["invocations"])
    print(sorted(result["message"]["text"] for result in run["results"]), successful)
PYTHON
  rm merged.sarif
}
{
  merge read.sarif partial.sarif
  merge read.sarif denied.sarif
} | tee seen

diff - seen <<'SEEN'
['a', 'b'] [False, True]
['a'] [True]
SEEN
