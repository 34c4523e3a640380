#!/usr/bin/env bash
# What:     github.com/hashicorp/terraform-json 0.29.0, the types with which Go programs read plans, terraform-exec among them, has no
#           `errored` and no `applyable`. A plan that failed is read as one that finished with few changes, or none; OpenTofu and
#           Terraform before 1.8 write nothing else that would tell.
# Expected: what `show -json` writes of a plan: "errored" is "true if planning failed", and "applyable" whether it can be applied:
#           https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
# Handled:  purgeproof reads the JSON itself, and a failed plan is an incomplete scan (src/iac/terraform-plan/plan-document.ts;
#           test/iac/terraform-plan.test.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# What plans that failed say of themselves, without the resources that were planned before.
cat > tofu.json <<'JSON'
{ "format_version": "1.2", "terraform_version": "1.12.6", "planned_values": { "root_module": {} }, "errored": true }
JSON
cat > terraform.json <<'JSON'
{ "format_version": "1.2", "terraform_version": "1.11.4", "complete": false, "applyable": false, "errored": true }
JSON
cat > main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"os"

	tfjson "github.com/hashicorp/terraform-json"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	plan := &tfjson.Plan{}
	if err := plan.UnmarshalJSON(text); err != nil {
		panic(err)
	}
	written, err := json.Marshal(plan)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(written))
}
GO
{
  go mod init read
  go get github.com/hashicorp/terraform-json@v0.29.0
  go build -o read .
} > build.log 2>&1 || { tail build.log; exit 1; }
for each in tofu terraform; do
  ./read "$each.json" > read.json
  python3 - "$each" <<'PYTHON'
import json
import sys

before, after = json.load(open(f"{sys.argv[1]}.json")), json.load(open("read.json"))
print(sys.argv[1], "lost", sorted(before.keys() - after.keys()), "kept", sorted(before.keys() & after.keys()))
PYTHON
done | tee seen

diff - seen <<'SEEN'
tofu lost ['errored'] kept ['format_version', 'planned_values', 'terraform_version']
terraform lost ['applyable', 'errored'] kept ['complete', 'format_version', 'terraform_version']
SEEN
