import { posix } from 'node:path';
import { InputError } from '../../../errors.ts';
import type { Remark } from '../../../model/remark.ts';
import { jsonRemarks } from '../../json/remarks.ts';
import { decodeText } from '../../json/decode.ts';
import { parseJson } from '../../json/read.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { parseHcl } from '../syntax/parse.ts';
import { hclRemarks } from '../syntax/remarks.ts';
import type { Attribute } from '../syntax/tree.ts';
import type { TerraformFiles } from './files.ts';
import { parseJsonConfiguration, parseJsonValues } from './json-syntax.ts';
import { moduleOf, type Module, type ModuleFile } from './module.ts';

export interface SourceText {
  readonly path: string;
  readonly text: string;
  /** Comments that speak to this program. */
  readonly remarks: readonly Remark[];
}

/** Words without which a folder has nothing to do with firewalls or clusters, unless it calls modules. */
const RELEVANT = /firewall|ip_?group|azapi_|ruleCollection|azurerm_kubernetes_cluster/i;
/** What a cluster's traffic goes through: of use where there is a cluster. */
const NETWORK = /azurerm_(?:virtual_network|subnet|route|network_security|private_dns_zone)/;
const CLUSTER = /azurerm_kubernetes_cluster|managed_?cluster|\baks\b/i;
/** Files of values that Terraform loads by itself. */
const AUTOMATIC_VALUES = /(?:^terraform|\.auto)\.tfvars(?:\.json)?$/;
const CALLS = /^\s*module\s+"|"module"\s*:/m;

/** Reads configurations and values of variables, each file and folder once. */
export class Loader {
  readonly grammar: Grammar;
  readonly files: TerraformFiles;
  /** Everything that was read, by path. */
  readonly texts = new Map<string, SourceText>();
  readonly #words = new Map<string, { firewall: boolean; network: boolean; cluster: boolean }>();
  readonly #modules = new Map<string, Module | undefined>();

  constructor(grammar: Grammar, files: TerraformFiles) {
    this.grammar = grammar;
    this.files = files;
  }

  /** The configuration of a folder; undefined where it holds none. Throws an InputError where it is broken. */
  module(folder: string): Module | undefined {
    const known = this.#modules.get(folder);
    if (known !== undefined || this.#modules.has(folder)) return known;
    const files = this.#names(folder)
      .filter(isConfiguration)
      .map((name) => this.#file(posix.join(folder, name)));
    const module = files.length === 0 ? undefined : moduleOf(folder, files);
    this.#modules.set(folder, module);
    return module;
  }

  /**
   * Can the folder have to do with a firewall, itself or through modules that it calls? Most of a large repository cannot,
   * and need not be parsed. With networks, what a cluster's traffic goes through counts too.
   */
  isRelevant(folder: string, withNetworks: boolean): boolean {
    const { firewall, network } = this.#wordsOf(folder);
    return firewall || (withNetworks && network);
  }

  mentionsCluster(folder: string): boolean {
    return this.#wordsOf(folder).cluster;
  }

  #wordsOf(folder: string): { firewall: boolean; network: boolean; cluster: boolean } {
    const known = this.#words.get(folder);
    if (known !== undefined) return known;
    const words = { firewall: false, network: false, cluster: false };
    for (const { name, isFolder } of this.files.list(folder) ?? []) {
      if (isFolder || !isConfiguration(name)) continue;
      const bytes = this.files.read(posix.join(folder, name));
      const text = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
      words.firewall ||= RELEVANT.test(text) || CALLS.test(text);
      words.network ||= NETWORK.test(text);
      words.cluster ||= CLUSTER.test(text);
    }
    this.#words.set(folder, words);
    return words;
  }

  /** Values of variables; throws an InputError where the file is broken or not there. */
  values(path: string): ReadonlyMap<string, Attribute> {
    const text = this.text(path);
    if (path.endsWith('.json')) {
      this.texts.set(path, { path, text, remarks: jsonRemarks(path, text) });
      return parseJsonValues(path, text);
    }
    const file = parseHcl(path, text, this.grammar);
    const { body } = file;
    this.texts.set(path, { path, text, remarks: hclRemarks(file) });
    const [block] = body.blocks;
    if (block !== undefined) {
      throw new InputError(
        path,
        `holds a block '${block.type}'; expected values of variables only, name = value`,
      );
    }
    return body.attributes;
  }

  /** Files of values that Terraform loads by itself, the later ones winning. */
  automaticValues(folder: string): string[] {
    const names = this.#names(folder);
    return [
      ...['terraform.tfvars', 'terraform.tfvars.json'].filter((name) => names.includes(name)),
      ...names.filter((name) => /\.auto\.tfvars(?:\.json)?$/.test(name)).sort(),
    ].map((name) => posix.join(folder, name));
  }

  /** Folders of modules that `terraform init` downloaded, by the path of calls that leads to each. */
  downloaded(root: string): ReadonlyMap<string, string> {
    const bytes = this.files.read(posix.join(root, '.terraform/modules/modules.json'));
    const found = new Map<string, string>();
    if (bytes === undefined) return found;
    const raw = parseJson(decodeText(bytes, '.terraform/modules/modules.json')) as
      { readonly Modules?: readonly { readonly Key?: unknown; readonly Dir?: unknown }[] } | undefined;
    for (const { Key: key, Dir: dir } of raw?.Modules ?? []) {
      if (typeof key === 'string' && typeof dir === 'string' && key !== '')
        found.set(key, posix.join(root, dir));
    }
    return found;
  }

  /** Names of the files of a folder. A link out of the repository is refused where Terraform would load it. */
  #names(folder: string): string[] {
    return (this.files.list(folder) ?? []).flatMap(({ name, isFolder, leadsOut }) => {
      if (isFolder) return [];
      if (leadsOut === true && (isConfiguration(name) || AUTOMATIC_VALUES.test(name))) {
        throw new InputError(
          posix.join(folder, name),
          'a symbolic link that leads out of the repository, so it is not read; expected a file inside, or lint the plan',
        );
      }
      return [name];
    });
  }

  text(path: string): string {
    const bytes = this.files.read(path);
    if (bytes === undefined) throw new InputError(path, 'cannot be read: there is no such file');
    return decodeText(bytes, path, 'HCL');
  }

  #file(path: string): ModuleFile {
    const text = this.text(path);
    if (path.endsWith('.json')) {
      this.texts.set(path, { path, text, remarks: jsonRemarks(path, text) });
      return { path, text, body: parseJsonConfiguration(path, text, this.grammar) };
    }
    const file = parseHcl(path, text, this.grammar);
    const { body } = file;
    this.texts.set(path, { path, text, remarks: hclRemarks(file) });
    return { path, text, body };
  }
}

export function isConfiguration(name: string): boolean {
  return /\.tf(?:\.json)?$/.test(name);
}
