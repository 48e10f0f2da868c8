# source: Azure/avm-res-network-azurefirewall/azurerm
#
# https://registry.terraform.io/modules/Azure/avm-res-network-azurefirewall/azurerm

variable "name" {}
variable "location" {}
variable "resource_group_name" {}
variable "firewall_sku_name" {}
variable "firewall_sku_tier" {}

variable "firewall_policy_id" {
  default = null
}

resource "azurerm_firewall" "this" {
  name                = var.name
  location            = var.location
  resource_group_name = var.resource_group_name
  sku_name            = var.firewall_sku_name
  sku_tier            = var.firewall_sku_tier
  firewall_policy_id  = var.firewall_policy_id
}

output "resource_id" {
  value = azurerm_firewall.this.id
}

output "resource" {
  value = azurerm_firewall.this
}
