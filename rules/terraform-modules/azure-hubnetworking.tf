# source: Azure/hubnetworking/azurerm
# source: Azure/avm-ptn-hubnetworking/azurerm
#
# https://registry.terraform.io/modules/Azure/hubnetworking/azurerm: rules stand beside it, in the policy that it is given.

variable "hub_virtual_networks" {
  default = {}
}

locals {
  firewalls = {
    for key, hub in var.hub_virtual_networks : key => hub if try(hub.firewall, null) != null
  }
  policies = {
    for key, hub in local.firewalls : key => hub if try(hub.firewall.firewall_policy, null) != null
  }
}

resource "azurerm_firewall_policy" "this" {
  for_each = local.policies

  name                     = try(each.value.firewall.firewall_policy.name, "fwp-${each.key}")
  resource_group_name      = try(each.value.resource_group_name, each.key)
  sku                      = try(each.value.firewall.firewall_policy.sku, each.value.firewall.sku_tier, null)
  base_policy_id           = try(each.value.firewall.firewall_policy.base_policy_id, null)
  threat_intelligence_mode = try(each.value.firewall.firewall_policy.threat_intelligence_mode, null)
  dns                      = try(each.value.firewall.firewall_policy.dns, null)
}

resource "azurerm_firewall" "this" {
  for_each = local.firewalls

  name                = try(each.value.firewall.name, "fw-${each.key}")
  resource_group_name = try(each.value.resource_group_name, each.key)
  sku_tier            = try(each.value.firewall.sku_tier, null)
  dns_servers         = try(each.value.firewall.dns_servers, null)
  firewall_policy_id  = try(azurerm_firewall_policy.this[each.key].id, each.value.firewall.firewall_policy_id, null)
}

output "firewall_policies" {
  value = azurerm_firewall_policy.this
}
