#!/usr/bin/env bash
# What:     junitparser 5.0.3 changes the time of a report when it is asked how many tests were skipped, where the report does not
#           say that: it then counts everything anew, and takes the sum of the tests for the time, also where the file states one.
# Expected: to read one figure changes no other. `testsuites` has a time and no number of skipped tests in the schema of the xUnit
#           plugin of Jenkins, so every report that is valid by it is read so:
#           https://github.com/jenkinsci/xunit-plugin, types/model/xsd/junit-10.xsd
# Handled:  nothing of purgeproof depends on it. The duration of a scan is in `testsuites`, and no test has a time of its own; a
#           tool that asks junitparser for both, the skipped tests first, shows 0 for it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check junitparser==5.0.3

cat > report.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="report" tests="1" failures="0" errors="0" time="12.5">
  <testsuite name="suite" tests="1" failures="0" errors="0">
    <testcase classname="group" name="test"/>
  </testsuite>
</testsuites>
XML
cat > read.py <<'PYTHON'
from junitparser import JUnitXml

report = JUnitXml.fromfile("report.xml")
print("time", report.time)
print("skipped", report.skipped)
print("time", report.time)
PYTHON
tools/bin/python read.py | tee seen

diff - seen <<'SEEN'
time 12.5
skipped 0
time 0.0
SEEN
