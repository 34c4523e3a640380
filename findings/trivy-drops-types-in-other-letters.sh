#!/usr/bin/env bash
# What:     trivy 0.74.0 knows a resource in an ARM template only where its type is spelt as trivy spells it. A vault of the type
#           `microsoft.keyvault/vaults` is no vault to it, and fails no check.
# Expected: the vault, as Azure deploys it. Azure itself spells types in several ways, and Resource Graph in small letters:
#           https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
# Handled:  purgeproof compares types without case (test/iac/undecided-values.test.ts).
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
			fmt.Printf("purge protection %v\n", vault.EnablePurgeProtection.Value())
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
      "name": "kv-a",
      "location": "westeurope",
      "properties": { "enablePurgeProtection": true }
    },
    {
      "type": "microsoft.keyvault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-b",
      "location": "westeurope",
      "properties": {}
    },
    {
      "type": "Microsoft.Keyvault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-c",
      "location": "westeurope",
      "properties": {}
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
purge protection true
SEEN
