import type { Policy } from '../../model/policy.ts';
import type { Remark } from '../../model/remark.ts';
import { positionAt } from '../json/value.ts';
import {
  Report,
  type ApplianceOptions,
  type ApplianceReading,
  type FileReading,
} from '../appliance/reading.ts';
import { appliancePolicy, RuleList, withUniqueIds } from '../appliance/rules.ts';
import { Zones } from '../appliance/zones.ts';
import { deviceOf, policyScopes, type PolicyScope } from './policy-scopes.ts';
import { networksOf } from './networks.ts';
import { Rulebase } from './rulebase.ts';
import { readSetCommands } from './set-format.ts';
import { Scope } from './scope.ts';
import { Places, type PanNode, type PanTree } from './tree.ts';
import { readXml } from './xml.ts';

/**
 * Reads configurations of PAN-OS, XML or set commands: one policy for each virtual system, of Panorama for each device
 * group that no other one is below.
 */
export function readPanos(
  files: readonly { readonly path: string; readonly text: string }[],
  options: ApplianceOptions,
): ApplianceReading {
  const readings = files.map((file) => new PanosReader(file.path, file.text, options).read());
  return {
    policies: withUniqueIds(readings.flatMap(({ policies }) => policies)),
    notes: readings.flatMap(({ report }) => report.notes),
    remarks: readings.flatMap(({ remarks }) => remarks),
    files: new Map(readings.map(({ path, file }) => [path, file])),
  };
}

interface Reading {
  readonly path: string;
  readonly policies: readonly Policy[];
  readonly report: Report;
  readonly remarks: readonly Remark[];
  readonly file: FileReading;
}

class PanosReader {
  readonly #path: string;
  readonly #text: string;
  readonly #options: ApplianceOptions;
  readonly #report = new Report();
  readonly #remarks: Remark[] = [];
  readonly #places: Places;
  /** Rules that were counted: those of `shared` are part of several policies. */
  readonly #counted = new Set<PanNode>();

  constructor(path: string, text: string, options: ApplianceOptions) {
    this.#path = path;
    this.#text = text;
    this.#options = options;
    this.#places = new Places(path);
  }

  read(): Reading {
    const isXml = /^\uFEFF?\s*</.test(this.#text);
    const tree = isXml ? readXml(this.#path, this.#text) : readSetCommands(this.#path, this.#text);
    const policies = policyScopes(tree.root).map((scope) => this.#policy(scope, tree));
    this.#comments(tree);
    this.#report.end(this.#path);
    return {
      path: this.#path,
      policies,
      report: this.#report,
      remarks: this.#remarks,
      file: {
        format: isXml ? 'panos-xml' : 'panos-set',
        rules: this.#counted.size,
        notUnderstood: this.#report.notUnderstood,
      },
    };
  }

  #policy({ name, owner, rulebases, scopes, zones }: PolicyScope, tree: PanTree): Policy {
    const list = new RuleList(name);
    const decryption = new RuleList(name);
    const device = deviceOf(tree.root);
    const where = new Zones(networksOf(device, zones), this.#options, 'zone');
    const isIntrazone = this.#isIntrazone(zones);
    for (const { node, group, collection } of rulebases) {
      // Rules that several policies share say the same in each: their notes are told once.
      const rules = node.list('security', 'rules');
      const isNew = rules.some((rule) => !this.#counted.has(rule));
      const rulebase = new Rulebase({
        scope: new Scope(scopes),
        zones: where,
        places: this.#places,
        report: isNew ? this.#report : new Report(),
        remarks: isNew ? this.#remarks : [],
        isIntrazone,
        appendsSlash: appendsSlash(device, tree),
        group,
      });
      rulebase.security(rules, collection, list);
      rules.forEach((rule) => this.#counted.add(rule));
      rulebase.decryption(node.list('decryption', 'rules'), collection, decryption);
    }
    return appliancePolicy({
      id: name,
      name,
      place: this.#places.of(owner),
      rules: list.rules,
      decryption: decryption.rules,
      layers: [{ name, otherwise: defaultAction(rulebases, isIntrazone === true) }],
    });
  }

  /** Undefined where nothing tells; then the Internet is taken to be in another zone than the cluster. */
  #isIntrazone(zones: readonly PanNode[]): boolean | undefined {
    const { fromZones, toZones } = this.#options;
    if (fromZones.length > 0 && toZones.length > 0) return fromZones.some((zone) => toZones.includes(zone));
    return zones.length === 1 ? true : undefined;
  }

  #comments({ comments }: PanTree): void {
    for (const { text, start, about } of comments) {
      const place = { path: this.#path, pointer: '', span: { start, end: start + 1 } };
      this.#remarks.push({
        text,
        place,
        position: positionAt(this.#text, start),
        about: about && this.#places.of(ruleAround(about)),
      });
    }
  }
}

/** Of a part of a rule the rule; of anything else itself. */
function ruleAround(node: PanNode): PanNode {
  for (let at: PanNode | undefined = node; at !== undefined; at = at.parent) {
    if (at.parent?.key === 'rules') return at;
  }
  return node;
}

/**
 * What happens to traffic that no rule matches: denied between zones, allowed within one, unless the default rules are
 * overridden; the nearest override counts. https://docs.paloaltonetworks.com (security policy rules: default rules)
 */
function defaultAction(rulebases: PolicyScope['rulebases'], isIntrazone: boolean): 'allow' | 'deny' {
  const name = isIntrazone ? 'intrazone-default' : 'interzone-default';
  for (const { node } of [...rulebases].reverse()) {
    const action = node.value('default-security-rules', 'rules', name, 'action');
    if (action !== '') return action === 'allow' ? 'allow' : 'deny';
  }
  return isIntrazone ? 'allow' : 'deny';
}

/** On by default since PAN-OS 10.2, by a debug command before; the setting can be off. */
function appendsSlash(device: PanNode | undefined, { version, root }: PanTree): boolean {
  for (const setting of [
    ...(device?.list('deviceconfig', 'setting') ?? []),
    ...root.list('deviceconfig', 'setting'),
  ]) {
    for (const part of [setting, ...setting.list()]) {
      const value = part.value('append-end-token') || part.value('append-ending-token');
      if (value !== '') return value === 'yes';
    }
  }
  const [major = 11, minor = 0] = (version ?? '')
    .split('.')
    .filter((part) => part !== '')
    .map(Number);
  return major > 10 || (major === 10 && minor >= 2);
}
