// module: avm/res/network/azure-firewall
//
// https://github.com/Azure/bicep-registry-modules/tree/main/avm/res/network/azure-firewall: rule collections are taken as
// they are, but a firewall in a virtual hub has none of its own. A firewall without virtual hub is in a virtual network,
// whose id is seldom known before it is deployed.

param name string
param location string = resourceGroup().location
param azureSkuTier string?
param virtualHubResourceId string = ''
param virtualHubId string = ''
param firewallPolicyId string = ''
param threatIntelMode string?
param additionalProperties object?
param applicationRuleCollections array?
param networkRuleCollections array?
param natRuleCollections array?

var hubId = empty(virtualHubResourceId) ? virtualHubId : virtualHubResourceId
var inHub = !empty(hubId)

resource firewall 'Microsoft.Network/azureFirewalls@2024-10-01' = {
  name: name
  location: location
  properties: {
    sku: { name: inHub ? 'AZFW_Hub' : 'AZFW_VNet', tier: azureSkuTier ?? 'Standard' }
    threatIntelMode: threatIntelMode ?? 'Deny'
    additionalProperties: additionalProperties
    firewallPolicy: empty(firewallPolicyId) ? null : { id: firewallPolicyId }
    virtualHub: inHub ? { id: hubId } : null
    applicationRuleCollections: inHub ? [] : applicationRuleCollections ?? []
    networkRuleCollections: inHub ? [] : networkRuleCollections ?? []
    natRuleCollections: inHub ? [] : natRuleCollections ?? []
  }
}

output name string = firewall.name
output resourceId string = firewall.id
output resourceGroupName string = resourceGroup().name
output location string = location
