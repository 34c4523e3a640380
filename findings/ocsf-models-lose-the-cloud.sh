#!/usr/bin/env bash
# What:     py-ocsf-models 0.10.0 reads a valid Compliance Finding of OCSF 1.5.0, the version that it is for, and loses its cloud,
#           the words and details of its result, the parameters of its control and the tags of its resources. It says nothing.
# Expected: an event that is read and written is the same event, or is refused. All of it is in the schema of the class:
#           https://schema.ocsf.io/1.5.0/classes/compliance_finding?profiles=cloud
# Handled:  what a reader cannot do without stands where the models look: the result as a number (status_id), the subscription
#           once more in the resource (src/reporters/scan/ocsf/finding.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check py-ocsf-models==0.10.0 ocsf-json-schema==1.2.0 jsonschema==4.26.0

cat > read.py <<'PYTHON'
import json

from jsonschema import validate
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from py_ocsf_models import OCSF_VERSION
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

event = {
    "activity_id": 1,
    "category_uid": 2,
    "class_uid": 2003,
    "type_uid": 200301,
    "time": 1767225600000,
    "severity_id": 4,
    "status_id": 1,
    "metadata": {
        "version": "1.5.0",
        "profiles": ["cloud"],
        "product": {"name": "scanner", "vendor_name": "scanner"},
    },
    "cloud": {"provider": "Azure", "account": {"uid": "subscription-1", "name": "production"}},
    "finding_info": {"uid": "finding-1", "title": "A check"},
    "compliance": {
        "control": "C1",
        "status_id": 3,
        "status": "Fail",
        "status_details": ["a is b"],
        "control_parameters": [{"name": "days", "value": "90"}],
    },
    "resources": [{"uid": "vault-1", "tags": [{"name": "env", "value": "test"}]}],
}
print("version", OCSF_VERSION)
validate(event, OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.5.0")).get_class_schema("compliance_finding", ["cloud"]))
print("valid")


def lost(before, after, path):
    for key, value in before.items():
        if key not in after:
            print("lost", path + key)
        elif isinstance(value, dict):
            lost(value, after[key], f"{path}{key}.")
        elif isinstance(value, list) and isinstance(value[0], dict):
            lost(value[0], after[key][0], f"{path}{key}[0].")


lost(event, ComplianceFinding.model_validate(event).model_dump(mode="json", exclude_none=True), "")
PYTHON
tools/bin/python read.py | tee seen

diff - seen <<'SEEN'
version 1.5.0
valid
lost cloud
lost compliance.status
lost compliance.status_details
lost compliance.control_parameters
lost resources[0].tags
SEEN
