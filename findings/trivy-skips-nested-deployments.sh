#!/usr/bin/env bash
# What:     trivy 0.74.0 does not look into nested deployments of an ARM template: what a module of Bicep declares, once it is built,
#           is in none of its checks. A template that deploys an unprotected vault through a module fails none.
# Expected: the resources of the nested template, which is a part of the file:
#           https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates#nested-template
#           Users asked for it (https://github.com/aquasecurity/trivy/issues/9467), which was closed when symbolic names were read.
# Handled:  purgeproof judges them, with the parameters that they are given (docs/infrastructure-code.md; test/iac/undecided-values.test.ts).
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
      "type": "Microsoft.Resources/deployments",
      "apiVersion": "2022-09-01",
      "name": "module",
      "properties": {
        "mode": "Incremental",
        "expressionEvaluationOptions": { "scope": "inner" },
        "template": {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "resources": [
            {
              "type": "Microsoft.KeyVault/vaults",
              "apiVersion": "2023-07-01",
              "name": "kv-b",
              "location": "westeurope",
              "properties": { "enablePurgeProtection": false }
            }
          ]
        }
      }
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
