# source: Azure/avm-res-network-firewallpolicy/azurerm
#
# https://registry.terraform.io/modules/Azure/avm-res-network-firewallpolicy/azurerm

variable "name" {}
variable "location" {}
variable "resource_group_name" {}

variable "firewall_policy_base_policy_id" {
  default = null
}

variable "firewall_policy_sku" {
  default = null
}

variable "firewall_policy_dns" {
  default = null
}

variable "firewall_policy_intrusion_detection" {
  default = null
}

variable "firewall_policy_threat_intelligence_mode" {
  default = null
}

resource "azurerm_firewall_policy" "this" {
  name                     = var.name
  location                 = var.location
  resource_group_name      = var.resource_group_name
  base_policy_id           = var.firewall_policy_base_policy_id
  sku                      = var.firewall_policy_sku
  threat_intelligence_mode = var.firewall_policy_threat_intelligence_mode
  dns                      = var.firewall_policy_dns
  intrusion_detection      = var.firewall_policy_intrusion_detection
}

output "resource_id" {
  value = azurerm_firewall_policy.this.id
}

output "resource" {
  value = azurerm_firewall_policy.this
}
