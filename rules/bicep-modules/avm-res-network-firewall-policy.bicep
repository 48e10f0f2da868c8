// module: avm/res/network/firewall-policy
//
// https://github.com/Azure/bicep-registry-modules/tree/main/avm/res/network/firewall-policy: the policy is made of the
// inputs, and each item of ruleCollectionGroups is a group of it.

param name string
param location string = resourceGroup().location
param tier string = 'Standard'
param threatIntelMode string = 'Deny'
param basePolicyResourceId string?
param enableProxy bool = false
param servers array?
param intrusionDetection object?
param keyVaultSecretId string?
param certificateName string?
param ruleCollectionGroups array?

resource policy 'Microsoft.Network/firewallPolicies@2024-10-01' = {
  name: name
  location: location
  properties: {
    sku: { tier: tier }
    threatIntelMode: threatIntelMode
    basePolicy: empty(basePolicyResourceId) ? null : { id: basePolicyResourceId }
    dnsSettings: enableProxy || servers != null ? { enableProxy: enableProxy, servers: servers ?? [] } : null
    intrusionDetection: intrusionDetection
    transportSecurity: empty(keyVaultSecretId) && empty(certificateName) ? null : {
      certificateAuthority: { keyVaultSecretId: keyVaultSecretId, name: certificateName }
    }
  }
}

resource groups 'Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-10-01' = [
  for group in ruleCollectionGroups ?? []: {
    parent: policy
    name: group.name
    properties: {
      priority: group.priority
      ruleCollections: group.?ruleCollections ?? []
    }
  }
]

output name string = policy.name
output resourceId string = policy.id
output resourceGroupName string = resourceGroup().name
output location string = location
