#!/usr/bin/env bash
# What:     py-ocsf-models 0.10.0, which is for OCSF 1.5.0, refuses a cloud whose account is an Azure subscription by its number:
#           its list of account types ends at 10, AWS Account.
# Expected: 13 is Azure Subscription in OCSF 1.5.0: https://schema.ocsf.io/1.5.0/objects/account
# Handled:  purgeproof writes 13 (src/reporters/scan/ocsf/event.ts). These models read no cloud of a Compliance Finding, and so
#           accept the event; where they did, a number that the schema has is still the right one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv tools
tools/bin/pip install --quiet --disable-pip-version-check py-ocsf-models==0.10.0 ocsf-json-schema==1.2.0 jsonschema==4.26.0

cat > read.py <<'PYTHON'
from jsonschema import validate
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from py_ocsf_models.objects.cloud import Cloud
from pydantic import ValidationError

account = {"uid": "subscription-1", "name": "production", "type_id": 13, "type": "Azure Subscription"}
cloud = {"provider": "Azure", "account": account}
validate(cloud, OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.5.0")).get_object_schema("cloud"))
print("valid")
try:
    Cloud.model_validate(cloud)
    print("accepted")
except ValidationError as error:
    for each in error.errors():
        print("refused", each["loc"], each["msg"])
PYTHON
tools/bin/python read.py | tee seen

diff - seen <<'SEEN'
valid
refused ('account', 'type_id') Input should be 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 or 99
SEEN
