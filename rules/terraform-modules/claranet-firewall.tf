# source: claranet/firewall/azurerm
#
# https://registry.terraform.io/modules/claranet/firewall/azurerm

variable "resource_group_name" {}

variable "custom_firewall_name" {
  default = null
}

variable "custom_name" {
  default = null
}

variable "sku_tier" {
  default = "Standard"
}

variable "firewall_policy_id" {
  default = null
}

variable "dns_servers" {
  default = null
}

variable "network_rule_collections" {
  default = []
}

variable "application_rule_collections" {
  default = []
}

resource "azurerm_firewall" "this" {
  name                = try(coalesce(var.custom_name, var.custom_firewall_name), "firewall")
  resource_group_name = var.resource_group_name
  sku_tier            = var.sku_tier
  firewall_policy_id  = var.firewall_policy_id
  dns_servers         = var.dns_servers
}

resource "azurerm_firewall_network_rule_collection" "this" {
  count = length(coalesce(var.network_rule_collections, []))

  name                = var.network_rule_collections[count.index].name
  azure_firewall_name = azurerm_firewall.this.name
  resource_group_name = var.resource_group_name
  priority            = var.network_rule_collections[count.index].priority
  action              = var.network_rule_collections[count.index].action
  rule                = var.network_rule_collections[count.index].rules
}

resource "azurerm_firewall_application_rule_collection" "this" {
  count = length(coalesce(var.application_rule_collections, []))

  name                = var.application_rule_collections[count.index].name
  azure_firewall_name = azurerm_firewall.this.name
  resource_group_name = var.resource_group_name
  priority            = var.application_rule_collections[count.index].priority
  action              = var.application_rule_collections[count.index].action

  dynamic "rule" {
    for_each = var.application_rule_collections[count.index].rules

    content {
      name             = rule.value.name
      source_addresses = try(rule.value.source_addresses, null)
      source_ip_groups = try(rule.value.source_ip_groups, null)
      target_fqdns     = try(rule.value.target_fqdns, null)
      fqdn_tags        = try(rule.value.fqdn_tags, null)
      protocol         = try(rule.value.protocols, [])
    }
  }
}

output "id" {
  value = azurerm_firewall.this.id
}

output "firewall_id" {
  value = azurerm_firewall.this.id
}
