# source: Azure/avm-res-network-firewallpolicy/azurerm//modules/rule_collection_groups
#
# https://registry.terraform.io/modules/Azure/avm-res-network-firewallpolicy/azurerm/latest/submodules/rule_collection_groups

variable "firewall_policy_rule_collection_group_name" {}
variable "firewall_policy_rule_collection_group_priority" {}
variable "firewall_policy_rule_collection_group_firewall_policy_id" {}

variable "firewall_policy_rule_collection_group_application_rule_collection" {
  default = []
}

variable "firewall_policy_rule_collection_group_network_rule_collection" {
  default = []
}

resource "azurerm_firewall_policy_rule_collection_group" "this" {
  name                        = var.firewall_policy_rule_collection_group_name
  priority                    = var.firewall_policy_rule_collection_group_priority
  firewall_policy_id          = var.firewall_policy_rule_collection_group_firewall_policy_id
  application_rule_collection = var.firewall_policy_rule_collection_group_application_rule_collection
  network_rule_collection     = var.firewall_policy_rule_collection_group_network_rule_collection
}

output "resource_id" {
  value = azurerm_firewall_policy_rule_collection_group.this.id
}
