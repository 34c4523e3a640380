// Recovery kit of purgeproof
// /subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay, read at 2026-11-24T12:00:00.000Z.
targetScope = 'resourceGroup'

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: 'kv-pay'
}

resource roleAssignments1 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: '93455973-8ec1-4dcf-8809-aabcd98cca29'
  properties: {
    roleDefinitionId: '/subscriptions/11111111-1111-4111-8111-111111111111/providers/Microsoft.Authorization/roleDefinitions/c0f9775d-d100-432e-8ff8-3466870698ae'
    principalId: 'a172cedc-ae47-474b-815c-54d510a5d84a'
    principalType: 'ServicePrincipal'
  }
}

resource diagnosticSettings2 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-logs'
  properties: {
    workspaceId: '/subscriptions/11111111-1111-4111-8111-111111111111/resourcegroups/rg-logs/providers/microsoft.operationalinsights/workspaces/logs'
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
      {
        categoryGroup: 'allLogs'
        enabled: false
      }
    ]
    metrics: []
  }
}

@secure()
@description('The value of a secret delivery attribute.')
param eventSubscriptions3Value1 string

@secure()
@description('The whole address of the webhook at https://hooks.contoso.example.')
param eventSubscriptions3EndpointUrl2 string

resource eventSubscriptions3 'Microsoft.EventGrid/eventSubscriptions@2025-02-15' = {
  scope: vault
  name: 'near-expiry'
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        deliveryAttributeMappings: [
          {
            name: 'x-key'
            type: 'Static'
            properties: {
              isSecret: true
              value: eventSubscriptions3Value1
            }
          }
        ]
        endpointUrl: eventSubscriptions3EndpointUrl2
      }
    }
    filter: {
      includedEventTypes: [
        'Microsoft.KeyVault.SecretNearExpiry'
        'Microsoft.KeyVault.KeyNearExpiry'
      ]
    }
    eventDeliverySchema: 'EventGridSchema'
  }
}

resource locks4 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: vault
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'ask the payments team'
  }
  dependsOn: [
    roleAssignments1
    diagnosticSettings2
    eventSubscriptions3
  ]
}
