// module: avm/res/network/ip-group
//
// https://github.com/Azure/bicep-registry-modules/tree/main/avm/res/network/ip-group

param name string
param location string = resourceGroup().location
param ipAddresses array

resource group 'Microsoft.Network/ipGroups@2024-10-01' = {
  name: name
  location: location
  properties: {
    ipAddresses: ipAddresses
  }
}

output name string = group.name
output resourceId string = group.id
output resourceGroupName string = resourceGroup().name
output location string = location
