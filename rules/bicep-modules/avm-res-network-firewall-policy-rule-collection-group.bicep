// module: avm/res/network/firewall-policy/rule-collection-group
//
// https://github.com/Azure/bicep-registry-modules/tree/main/avm/res/network/firewall-policy/rule-collection-group

param firewallPolicyName string
param name string
param priority int
param ruleCollections array?

resource policy 'Microsoft.Network/firewallPolicies@2024-10-01' existing = {
  name: firewallPolicyName
}

resource group 'Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-10-01' = {
  parent: policy
  name: name
  properties: {
    priority: priority
    ruleCollections: ruleCollections ?? []
  }
}

output name string = group.name
output resourceId string = group.id
output resourceGroupName string = resourceGroup().name
