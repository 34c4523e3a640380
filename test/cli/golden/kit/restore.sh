# Recovery kit of 2026-11-24T12:00:00.000Z. Nothing has been run.

# /subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay

# Recover the vault, if it is deleted
# Skip this if the vault is there. Everything below needs it.
purgeproof deleted recover /subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay

# Put the network rules back
# A recovered vault keeps the rules that it had when it was deleted: this makes sure of those here.
az rest --method=patch '--url=/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay?api-version=2026-02-01' '--body={"properties":{"publicNetworkAccess":"Enabled","networkAcls":{"bypass":"None","defaultAction":"Deny","ipRules":[{"value":"203.0.113.7/32"}]}}}'

# Approve a private endpoint connection
# Its private endpoint: /subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/pe
# If it is gone, or its connection says Disconnected, create it again in its own resource group: that gives a new connection.
az network private-endpoint-connection approve --id=/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay/privateEndpointConnections/pe-1

# Put back one of the role assignments, which stands on an object in the vault
az rest --method=put '--url=/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay/secrets/db/providers/Microsoft.Authorization/roleAssignments/42b81c7c-d5ea-4634-8da5-11d9e143fcbf?api-version=2022-04-01' '--body={"properties":{"roleDefinitionId":"/subscriptions/11111111-1111-4111-8111-111111111111/providers/Microsoft.Authorization/roleDefinitions/c0f9775d-d100-432e-8ff8-3466870698ae","principalId":"a172cedc-ae47-474b-815c-54d510a5d84a","principalType":"ServicePrincipal"}}'

# Deploy the Bicep file of the vault, which puts the rest back
# It asks for what a kit never holds: the full addresses of webhooks, and secret delivery attributes.
# RoleAssignmentExists means that someone has assigned that role again already: take that assignment out of the file.
# PrincipalNotFound means that the user, group or application is gone: take its assignments out.
az deployment group create --subscription=11111111-1111-4111-8111-111111111111 --resource-group=rg --name=purgeproof-kit-d3931b97 --template-file=kit/kv-pay-d3931b97.bicep
