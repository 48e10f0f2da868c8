// module: avm/ptn/network/hub-networking
//
// https://github.com/Azure/bicep-registry-modules/tree/main/avm/ptn/network/hub-networking: each hub that asks for a
// firewall gets one with the rule collections of its settings.

param location string = resourceGroup().location
param hubVirtualNetworks object?

var hubs = items(hubVirtualNetworks ?? {})

module firewalls 'br/public:avm/res/network/azure-firewall:0.7.1' = [
  for hub in hubs: if (hub.value.?enableAzureFirewall ?? false) {
    name: '${hub.key}-firewall'
    params: {
      name: hub.value.?azureFirewallSettings.?azureFirewallName ?? hub.key
      location: hub.value.?location ?? location
      azureSkuTier: hub.value.?azureFirewallSettings.?azureSkuTier
      firewallPolicyId: hub.value.?azureFirewallSettings.?firewallPolicyId ?? ''
      threatIntelMode: hub.value.?azureFirewallSettings.?threatIntelMode
      applicationRuleCollections: hub.value.?azureFirewallSettings.?applicationRuleCollections
      networkRuleCollections: hub.value.?azureFirewallSettings.?networkRuleCollections
      natRuleCollections: hub.value.?azureFirewallSettings.?natRuleCollections
    }
  }
]

output resourceGroupName string = resourceGroup().name
