# source: jsathler/firewall-policy/azurerm
#
# https://registry.terraform.io/modules/jsathler/firewall-policy/azurerm

variable "resource_group_name" {}

variable "location" {
  default = "northeurope"
}

variable "firewall_policy" {}

variable "dns" {
  default = null
}

variable "intrusion_detection" {
  default = null
}

resource "azurerm_firewall_policy" "this" {
  name                     = "${var.firewall_policy.name}-afwp"
  resource_group_name      = var.resource_group_name
  location                 = var.location
  sku                      = try(var.firewall_policy.sku, null)
  base_policy_id           = try(var.firewall_policy.base_policy_id, null)
  threat_intelligence_mode = try(var.firewall_policy.threat_intelligence_mode, null)

  dynamic "dns" {
    for_each = var.dns == null ? [] : [var.dns]

    content {
      proxy_enabled = try(dns.value.proxy_enabled, false)
    }
  }

  dynamic "intrusion_detection" {
    for_each = var.intrusion_detection == null ? [] : [var.intrusion_detection]

    content {
      mode = try(coalesce(intrusion_detection.value.mode), "Alert")
    }
  }
}

output "policy_id" {
  value = azurerm_firewall_policy.this.id
}

output "policy_name" {
  value = azurerm_firewall_policy.this.name
}
