// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `node bench/terraform.js [files] [bytes]`: CPU time of a cold run on a generated root module with local modules: 500
 * files and 2 MB unless told otherwise, of which every tenth holds firewall rules and the others security rules. Fails
 * above 3 s.
 */
const [files = 500, bytes = 2_000_000] = process.argv.slice(2).map(Number);
const MOST_SECONDS = 3;
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const reporter = fileURLToPath(new URL('report-cpu-time.cjs', import.meta.url));

/** @param {number} at @param {number} size */
function moduleText(at, size) {
  const rules = [];
  for (let rule = 0, length = 0; length < size; rule += 1) {
    const text = `
    rule {
      name              = "rule-${at}-${rule}"
      source_addresses  = var.nodes
      destination_fqdns = ["host${at}-${rule}.\${local.region}.example.com", "api${at}-${rule}.example.org"]

      protocols {
        type = "Https"
        port = 443
      }
    }
`;
    length += text.length;
    rules.push(text);
  }
  return `
variable "policy" {}
variable "nodes" { type = list(string) }
variable "region" { type = string }
locals { region = lower(replace(var.region, " ", "")) }
resource "azurerm_firewall_policy_rule_collection_group" "group" {
  name               = "group-${at}"
  firewall_policy_id = var.policy
  priority           = ${100 + at}
  application_rule_collection {
    name     = "names"
    priority = 100
    action   = "Allow"
${rules.join('')}  }
}
`.replaceAll(/^(variable|locals) (.*)\{ (.*) \}$/gm, '$1 $2{\n  $3\n}');
}

/** @param {number} at @param {number} size */
function otherText(at, size) {
  const rules = [];
  for (let rule = 0, length = 0; length < size; rule += 1) {
    const text = `
resource "azurerm_network_security_rule" "rule-${rule}" {
  name                        = "rule-${at}-${rule}"
  priority                    = ${100 + rule}
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_range      = "443"
  source_address_prefixes     = [for node in var.nodes : node if can(cidrhost(node, 0))]
  destination_address_prefix  = "VirtualNetwork"
  resource_group_name         = "rg-\${var.region}"
  network_security_group_name = "nsg-${at}"
}
`;
    length += text.length;
    rules.push(text);
  }
  const variables = ['policy', 'nodes', 'region'].map((name) => `variable "${name}" {}\n`);
  return [...variables, ...rules].join('');
}

const folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-bench-'));
try {
  const calls = [];
  for (let at = 1; at < files; at += 1) {
    mkdirSync(join(folder, `modules/m${at}`), { recursive: true });
    const text = at % 10 === 0 ? moduleText : otherText;
    writeFileSync(join(folder, `modules/m${at}/main.tf`), text(at, bytes / files - 600));
    calls.push(`
module "m${at}" {
  source = "./modules/m${at}"
  policy = azurerm_firewall_policy.hub.id
  nodes  = ["10.240.0.0/16"]
  region = "West Europe"
}
`);
  }
  const policy = `
resource "azurerm_firewall_policy" "hub" {
  name                = "hub"
  resource_group_name = "rg"
  location            = "westeurope"
}
`;
  writeFileSync(join(folder, 'main.tf'), policy + calls.join(''));
  const args = [
    '--require',
    reporter,
    cli,
    folder,
    '--no-config',
    '--fail-on',
    'never',
    '--output',
    `sarif=${folder}.sarif`,
  ];
  const { output, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const seconds = Number(output[3]) / 1e6;
  console.log(`${files} files, ${bytes} bytes: ${seconds.toFixed(2)} s of CPU`);
  if (status !== 0 || !(seconds < MOST_SECONDS)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}.sarif`, { force: true });
}
