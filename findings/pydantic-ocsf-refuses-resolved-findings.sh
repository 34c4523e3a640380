#!/usr/bin/env bash
# What:     pydantic-ocsf 3.0.0 refuses every Compliance Finding of OCSF 1.5.0 that is Resolved. It binds the status of the finding to
#           the enumeration of the same name of the object Check, which has Pass, Warning and Fail: a Suppressed finding is taken
#           for a value called FAIL, and 4 and 5 are none. Of a scanner that resolves what passes, only failures can be read.
# Expected: 4 is Resolved, and 5 Archived: https://schema.ocsf.io/1.5.0/classes/compliance_finding
# Handled:  docs/reports.md names the models; purgeproof goes on to write 4 for what passed, as the schema has it
#           (src/reporters/scan/ocsf/event.ts). The verdict itself is `compliance.status_id`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check pydantic-ocsf==3.0.0 ocsf-json-schema==1.2.0 jsonschema==4.26.0

cat > read.py <<'PYTHON'
from jsonschema import validate
from ocsf.v1_5_0.events import ComplianceFinding
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from pydantic import ValidationError

schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.5.0")).get_class_schema("compliance_finding", [])
for status_id, status in [(1, "New"), (3, "Suppressed"), (4, "Resolved"), (5, "Archived")]:
    event = {
        "activity_id": 1,
        "category_uid": 2,
        "class_uid": 2003,
        "type_uid": 200301,
        "time": 1767225600000,
        "severity_id": 1,
        "status_id": status_id,
        "status": status,
        "metadata": {"version": "1.5.0", "product": {"name": "scanner", "vendor_name": "scanner"}},
        "finding_info": {"uid": "finding-1", "title": "A check"},
        "compliance": {"control": "C1", "status_id": 1, "status": "Pass"},
    }
    validate(event, schema)
    try:
        ComplianceFinding.model_validate(event)
        print(status, "accepted")
    except ValidationError as error:
        print(status, "refused:", error.errors()[0]["msg"])

statuses = ComplianceFinding.model_fields["status_id"].annotation.__args__[0]
print(statuses.__module__, [each.name for each in statuses])
PYTHON
tools/bin/python read.py | tee seen

diff - seen <<'SEEN'
New accepted
Suppressed accepted
Resolved refused: Input should be 0, 1, 2, 3 or 99
Archived refused: Input should be 0, 1, 2, 3 or 99
ocsf.check ['UNKNOWN', 'PASS', 'WARNING', 'FAIL', 'OTHER']
SEEN
