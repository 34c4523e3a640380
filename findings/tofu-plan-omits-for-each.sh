#!/usr/bin/env bash
# What:     OpenTofu 1.12.6 (Terraform 1.11.4 does the same): in the configuration of `show -json`, a resource or module with
#           for_each = toset(["x", "y"]) has no for_each_expression. Only constants and expressions that refer to something have one.
# Expected: one for each resource that is repeated. "These are omitted if the corresponding argument isn't set":
#           https://opentofu.org/docs/internals/json-format/ (configuration representation).
# Handled:  a plan is not called incomplete because the configuration seems to declare a vault once that it has many of, or none
#           (src/iac/terraform-plan/plan-document.ts): changes stand for what their addresses without keys declare.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# Its go.mod replaces a module, which `go install` refuses: this one does the same.
mkdir build configuration
touch none.tfrc
export TF_CLI_CONFIG_FILE="$folder/none.tfrc"
cat > build/go.mod <<'GO'
module build

go 1.26.6

replace github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828
GO
(cd build && go get -tool github.com/opentofu/opentofu/cmd/tofu@v1.12.6 && go build -o ../tofu github.com/opentofu/opentofu/cmd/tofu) > build.log 2>&1 ||
  { tail build.log; exit 1; }

cat > configuration/main.tf <<'HCL'
variable "names" {
  type    = set(string)
  default = ["x", "y"]
}

resource "terraform_data" "constant" {
  for_each = { x = 1, y = 2 }
}

resource "terraform_data" "variable" {
  for_each = var.names
}

resource "terraform_data" "set" {
  for_each = toset(["x", "y"])
}
HCL
cd configuration
../tofu init > /dev/null
../tofu plan -out=plan > /dev/null
../tofu show -json plan > plan.json

python3 - <<'PYTHON' | tee seen
import json

plan = json.load(open("plan.json"))
for resource in plan["configuration"]["root_module"]["resources"]:
    changes = [change for change in plan["resource_changes"] if change["name"] == resource["name"]]
    print(resource["name"], len(changes), "for_each_expression" in resource)
PYTHON

printf 'constant 2 True\nset 2 False\nvariable 2 True\n' | diff - seen
