# source: jsathler/firewall-policy-rule-collection-group/azurerm
#
# https://registry.terraform.io/modules/jsathler/firewall-policy-rule-collection-group/azurerm

variable "name" {}
variable "firewall_policy_id" {}
variable "priority" {}

variable "network_rule_collections" {
  default = null
}

variable "application_rule_collection" {
  default = null
}

resource "azurerm_firewall_policy_rule_collection_group" "this" {
  name               = "${var.name}-fwprcg"
  firewall_policy_id = var.firewall_policy_id
  priority           = var.priority

  dynamic "network_rule_collection" {
    for_each = var.network_rule_collections == null ? {} : var.network_rule_collections

    content {
      name     = network_rule_collection.key
      priority = network_rule_collection.value.priority
      action   = try(coalesce(network_rule_collection.value.action), "Allow")

      dynamic "rule" {
        for_each = try(network_rule_collection.value.rules, null) == null ? {} : network_rule_collection.value.rules

        content {
          name                  = rule.key
          protocols             = try(rule.value.protocols, ["TCP"])
          destination_ports     = rule.value.destination_ports
          source_addresses      = try(rule.value.source_addresses, null)
          source_ip_groups      = try(rule.value.source_ip_groups, null)
          destination_addresses = try(rule.value.destination_addresses, null)
          destination_ip_groups = try(rule.value.destination_ip_groups, null)
          destination_fqdns     = try(rule.value.destination_fqdns, null)
        }
      }
    }
  }

  dynamic "application_rule_collection" {
    for_each = var.application_rule_collection == null ? {} : var.application_rule_collection

    content {
      name     = application_rule_collection.key
      priority = application_rule_collection.value.priority
      action   = try(coalesce(application_rule_collection.value.action), "Allow")

      dynamic "rule" {
        for_each = try(application_rule_collection.value.rules, null) == null ? {} : application_rule_collection.value.rules

        content {
          name                  = rule.key
          description           = try(rule.value.description, null)
          source_addresses      = try(rule.value.source_addresses, null)
          source_ip_groups      = try(rule.value.source_ip_groups, null)
          destination_addresses = try(rule.value.destination_addresses, null)
          destination_urls      = try(rule.value.destination_urls, null)
          destination_fqdns     = try(rule.value.destination_fqdns, null)
          destination_fqdn_tags = try(rule.value.destination_fqdn_tags, null)
          terminate_tls         = try(rule.value.terminate_tls, null)
          web_categories        = try(rule.value.web_categories, null)

          dynamic "protocols" {
            for_each = rule.value.protocols

            content {
              type = try(coalesce(protocols.value.type), "Https")
              port = try(coalesce(protocols.value.port), 443)
            }
          }
        }
      }
    }
  }
}

output "collection_group_id" {
  value = azurerm_firewall_policy_rule_collection_group.this.id
}

output "collection_group_name" {
  value = azurerm_firewall_policy_rule_collection_group.this.name
}
