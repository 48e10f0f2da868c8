import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { readInputs } from '../../../src/commands/inputs.ts';
import { terraformFor } from '../../../src/commands/terraform.ts';
import { parseInputs, type Parsed } from '../../../src/parsers/index.ts';

export interface Folder {
  readonly path: () => string;
  readonly write: (path: string, content: string | Uint8Array) => void;
  /** Parses what is named, relative to the folder; the folder itself by default. */
  readonly parse: (names?: readonly string[], valueFiles?: readonly string[]) => Promise<Parsed>;
}

/** A folder of its own for each test. */
export function useFolder(): Folder {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-terraform-'));
    mkdirSync(join(root, '.git'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  return {
    path: () => root,
    write: (path, content) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    parse: (names, valueFiles) => parseIn(root, names, valueFiles),
  };
}

/** Parses what is named, relative to a folder; the folder itself by default. */
export async function parseIn(
  root: string,
  names: readonly string[] = ['.'],
  valueFiles: readonly string[] = [],
): Promise<Parsed> {
  const output = { isTerminal: false, columns: 0, write: () => undefined };
  const io = {
    ...{ cwd: root, env: {}, today: '2026-01-31', stdout: output, stderr: output },
    readStdin: () => new Uint8Array(),
  };
  const { files, folders } = readInputs(names, io);
  const terraform = await terraformFor(files, { folders, valueFiles }, root);
  return parseInputs(files, { cloud: 'AzureCloud', parameters: [], basePolicies: [], terraform });
}

/** A policy with one group, around the blocks of its collections. */
export function policyWith(collections: string, rest = ''): string {
  return `
resource "azurerm_firewall_policy" "hub" {
  name                = "hub"
  resource_group_name = "rg"
  location            = "westeurope"
}
resource "azurerm_firewall_policy_rule_collection_group" "aks" {
  name               = "aks"
  firewall_policy_id = azurerm_firewall_policy.hub.id
  priority           = 100
${collections}
}
${rest}`;
}

/** A collection with one application rule, around the arguments of the rule. */
export function applicationRule(args: string): string {
  return `
  application_rule_collection {
    name     = "names"
    priority = 200
    action   = "Allow"
    rule {
      name             = "rule"
      source_addresses = ["10.0.0.0/16"]
      protocols {
        type = "Https"
        port = 443
      }
      ${args}
    }
  }`;
}

/** A collection with one network rule, around the arguments of the rule. */
export function networkRule(args: string): string {
  return `
  network_rule_collection {
    name     = "addresses"
    priority = 150
    action   = "Allow"
    rule {
      name              = "rule"
      protocols         = ["TCP"]
      destination_ports = ["443"]
      ${args}
    }
  }`;
}
