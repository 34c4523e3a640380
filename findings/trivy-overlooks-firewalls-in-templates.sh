#!/usr/bin/env bash
# What:     trivy 0.74.0 looks for the firewall of a vault in an ARM template below `properties.properties`, where it never is. A vault that denies
#           by default is one without a default action, and so fails its check of it. Terraform is read right.
# Expected: "Deny": networkAcls is a member of `properties`:
#           https://learn.microsoft.com/azure/templates/microsoft.keyvault/vaults
# Handled:  purgeproof reads it where Azure does (AKV006; test/iac/undecided-values.test.ts).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aquasecurity/trivy/pkg/iac/adapters/arm"
	"github.com/aquasecurity/trivy/pkg/iac/scanners/azure/arm/parser"
)

func main() {
	ctx := context.Background()
	deployments, err := parser.New(os.DirFS("templates")).ParseFS(ctx, ".")
	if err != nil {
		panic(err)
	}
	for _, deployment := range deployments {
		for _, vault := range arm.Adapt(ctx, deployment).Azure.KeyVault.Vaults {
			fmt.Printf("%q\n", vault.NetworkACLs.DefaultAction.Value())
		}
	}
}
GO
mkdir templates
cat > templates/main.json <<'JSON'
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-valid",
      "location": "westeurope",
      "properties": { "networkAcls": { "defaultAction": "Deny", "bypass": "None" } }
    },
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-where-it-looks",
      "location": "westeurope",
      "properties": { "properties": { "networkAcls": { "defaultAction": "Deny", "bypass": "None" } } }
    }
  ]
}
JSON
export GOEXPERIMENT=jsonv2
{
  go mod init read
  go get github.com/aquasecurity/trivy@v0.74.0
  go mod tidy
  go build -o read .
} > build.log 2>&1 || { tail build.log; exit 1; }
./read | tee seen

diff - seen <<'SEEN'
""
"Deny"
SEEN
