# source: aztfmod/caf/azurerm
# values: files of its landing zones, whose configuration is elsewhere
#
# https://registry.terraform.io/modules/aztfmod/caf/azurerm; a landing zone has what is in `networking` as variables.

variable "networking" {
  default = {}
}

variable "azurerm_firewalls" {
  default = null
}

variable "azurerm_firewall_policies" {
  default = null
}

variable "azurerm_firewall_network_rule_collection_definition" {
  default = null
}

variable "azurerm_firewall_application_rule_collection_definition" {
  default = null
}

variable "ip_groups" {
  default = null
}

variable "vnets" {
  default = null
}

locals {
  firewalls         = coalesce(var.azurerm_firewalls, try(var.networking.azurerm_firewalls, null), {})
  policies          = coalesce(var.azurerm_firewall_policies, try(var.networking.azurerm_firewall_policies, null), {})
  network_rules     = coalesce(var.azurerm_firewall_network_rule_collection_definition, try(var.networking.azurerm_firewall_network_rule_collection_definition, null), {})
  application_rules = coalesce(var.azurerm_firewall_application_rule_collection_definition, try(var.networking.azurerm_firewall_application_rule_collection_definition, null), {})
  ip_groups         = coalesce(var.ip_groups, try(var.networking.ip_groups, null), {})
  vnets             = coalesce(var.vnets, try(var.networking.vnets, null), {})

  # Definitions without a firewall are judged as one that uses them all.
  users = length(local.firewalls) > 0 ? local.firewalls : {
    firewall = {
      name                                          = "firewall"
      azurerm_firewall_network_rule_collections     = keys(local.network_rules)
      azurerm_firewall_application_rule_collections = keys(local.application_rules)
    }
  }

  network_collections = flatten([
    for key, firewall in local.users : [
      for name in try(firewall.azurerm_firewall_network_rule_collections, []) : {
        firewall   = firewall.name
        key        = "${key}-${name}"
        definition = local.network_rules[name]
      } if can(local.network_rules[name])
    ]
  ])
  application_collections = flatten([
    for key, firewall in local.users : [
      for name in try(firewall.azurerm_firewall_application_rule_collections, []) : {
        firewall   = firewall.name
        key        = "${key}-${name}"
        definition = local.application_rules[name]
      } if can(local.application_rules[name])
    ]
  ])
}

resource "azurerm_firewall_policy" "this" {
  for_each = local.policies

  name                     = each.value.name
  resource_group_name      = try(each.value.resource_group_key, "")
  sku                      = try(each.value.sku, null)
  threat_intelligence_mode = try(each.value.threat_intelligence_mode, null)
  dns                      = try(each.value.dns, null)
  base_policy_id           = try(azurerm_firewall_policy.this[each.value.base_policy_key].id, null)
}

resource "azurerm_ip_group" "this" {
  for_each = local.ip_groups

  name                = each.value.name
  resource_group_name = try(each.value.resource_group_key, "")
  cidrs = try(each.value.cidrs, length(try(each.value.subnet_keys, [])) > 0 ? flatten([
    for key in each.value.subnet_keys : local.vnets[each.value.vnet_key].subnets[key].cidr
  ]) : local.vnets[each.value.vnet_key].vnet.address_space)
}

resource "azurerm_firewall" "this" {
  for_each = local.users

  name                = each.value.name
  resource_group_name = "firewall"
  sku_tier            = try(each.value.sku_tier, null)
  dns_servers         = try(each.value.dns_servers, null)
  firewall_policy_id = try(
    azurerm_firewall_policy.this[each.value.firewall_policy_key].id,
    each.value.firewall_policy_id,
    null,
  )
}

resource "azurerm_firewall_network_rule_collection" "this" {
  for_each = { for one in local.network_collections : one.key => one }

  name                = each.value.definition.name
  azure_firewall_name = each.value.firewall
  resource_group_name = "firewall"
  priority            = each.value.definition.priority
  action              = each.value.definition.action

  dynamic "rule" {
    for_each = each.value.definition.ruleset

    content {
      name                  = rule.value.name
      description           = try(rule.value.description, null)
      source_addresses      = try(rule.value.source_addresses, null)
      source_ip_groups      = try([for key in rule.value.source_ip_groups_keys : azurerm_ip_group.this[key].id], rule.value.source_ip_groups, null)
      destination_addresses = try(rule.value.destination_addresses, null)
      destination_ip_groups = try([for key in rule.value.destination_ip_groups_keys : azurerm_ip_group.this[key].id], rule.value.destination_ip_groups, null)
      destination_fqdns     = try(rule.value.destination_fqdns, null)
      destination_ports     = rule.value.destination_ports
      protocols             = rule.value.protocols
    }
  }
}

resource "azurerm_firewall_application_rule_collection" "this" {
  for_each = { for one in local.application_collections : one.key => one }

  name                = each.value.definition.name
  azure_firewall_name = each.value.firewall
  resource_group_name = "firewall"
  priority            = each.value.definition.priority
  action              = each.value.definition.action

  dynamic "rule" {
    for_each = each.value.definition.ruleset

    content {
      name             = rule.value.name
      description      = try(rule.value.description, null)
      source_addresses = try(rule.value.source_addresses, null)
      source_ip_groups = try([for key in rule.value.source_ip_groups_keys : azurerm_ip_group.this[key].id], rule.value.source_ip_groups, null)
      fqdn_tags        = try(rule.value.fqdn_tags, null)
      target_fqdns     = try(rule.value.target_fqdns, null)
      protocol         = try(values(rule.value.protocol), rule.value.protocol, [])
    }
  }
}
