import type { InputFormat } from '../model/format.ts';
import { field, textOf, wordOf } from './azure-firewall/fields.ts';
import { isTemplateFragment, readExported } from './exported/index.ts';
import { readSnapshot } from './exported/snapshot.ts';
import type { Extraction } from './resource.ts';
import { array, type ObjectValue, type Value } from './value.ts';

/** What a file is, told from its content. */
export type Recognised =
  | { readonly kind: 'template'; readonly format: InputFormat; readonly template: ObjectValue }
  | { readonly kind: 'parameters'; readonly holdsRules: boolean }
  | { readonly kind: 'exported'; readonly extraction: Extraction }
  /** A state or plan of Terraform: src/parsers/terraform reads it. */
  | { readonly kind: 'terraform'; readonly root: ObjectValue }
  /** Known, but nothing that can be read: `advice` says what it is and what to do. */
  | { readonly kind: 'unreadable'; readonly advice: string }
  | { readonly kind: 'unknown'; readonly found: string };

export const EXPECTED =
  'expected an ARM template, Bicep, a resource or list as REST, Resource Graph, az or PowerShell print it, Terraform, or the export of an appliance (PAN-OS, FortiGate, Check Point, Cisco ASA)';

const SOURCES: readonly { readonly mark: RegExp; readonly advice: string }[] = [
  {
    mark: /^(?:zone-pair security|zone security|ip access-list (?:extended|standard)|class-map type inspect)\s/m,
    advice:
      'a Cisco IOS configuration, which is not read; of Cisco, expected the running configuration of an ASA, with nameif and access-group lines',
  },
  {
    mark: /\baz\s+network\s+firewall\b/,
    advice:
      'an az CLI script: export the policy instead, with az network firewall policy show and az network firewall policy rule-collection-group list, both with -o json',
  },
  {
    mark: /\b(?:New|Set|Add)-AzFirewall/,
    advice:
      'a PowerShell script: export the policy instead, with Get-AzFirewallPolicy and Get-AzFirewallPolicyRuleCollectionGroup | ConvertTo-Json -Depth 100',
  },
  {
    mark: /^\s*using\s+(?:'|none\b)/m,
    advice:
      'a Bicep parameter file, which needs the files beside it: name the file with its ending .bicepparam',
  },
  {
    mark: /^\s*(?:resource|module)\s+\w+\s+'[^']*'|^\s*targetScope\s*=/m,
    advice: 'Bicep source, which may need the files beside it: name the file with its ending .bicep',
  },
  {
    mark: /^\s*(?:resource|data)\s+"[^"]*"\s+"[^"]*"\s*\{|^\s*(?:module|variable|provider|output)\s+"[^"]*"\s*\{|^\s*(?:locals|terraform)\s*\{/m,
    advice:
      'Terraform source, which needs the other files of its folder: name the folder, or the file with its ending .tf',
  },
];

/** Recognises what is no JSON; undefined where the text may be JSON. */
export function recogniseSource(text: string): Recognised | undefined {
  const start = /^\uFEFF?\s*(?:(?:\/\/|#).*\s*|\/\*[^]*?\*\/\s*)*/.exec(text)?.[0].length ?? 0;
  if (/[[{"]/.test(text.charAt(start))) return undefined;
  const source = SOURCES.find(({ mark }) => mark.test(text));
  return source && { kind: 'unreadable', advice: source.advice };
}

export function recogniseJson(value: Value, text: string): Recognised {
  if (value.kind === 'object') {
    const special = snapshot(value) ?? template(value) ?? parameterFile(value, text) ?? terraform(value);
    if (special !== undefined) return special;
  }
  if (value.kind !== 'object' && value.kind !== 'array') return { kind: 'unknown', found: `a ${value.kind}` };
  if (isTemplateFragment(value)) {
    return { kind: 'template', format: 'arm-resource', template: wrap(value) };
  }
  const extraction = readExported(value);
  if (extraction !== undefined) return { kind: 'exported', extraction };
  const flag = flagFor(value);
  return flag === undefined
    ? { kind: 'unknown', found: topLevel(value) }
    : { kind: 'unreadable', advice: `${flag}, beside the firewall’s files` };
}

/** Answers of Azure that are no firewall's and belong to a flag: src/parsers/azure-lists reads them. */
function flagFor(value: Value): string | undefined {
  const [first = value] = value.kind === 'array' ? value.items : [];
  if (first.kind !== 'object') return undefined;
  if (field(first, 'changenumber') !== undefined && field(first, 'values') !== undefined)
    return 'a list of service tags: give it with --service-tags';
  const pages = field(first, 'value');
  const row = pages?.kind === 'array' ? pages.items[0] : first;
  const isListed = row?.kind === 'object' && field(row, 'category') !== undefined;
  const endpoints = isListed ? (field(row, 'endpoints') ?? field(row, 'endpoint')) : undefined;
  return endpoints && 'a list of egress endpoints: give it with --endpoints';
}

/** Templates of every scope; the schema's name says it, or the parts that every template has. */
function template(value: ObjectValue): Recognised | undefined {
  const schema = wordOf(field(value, '$schema'));
  const resources = field(value, 'resources');
  const isTemplate =
    schema.includes('deploymenttemplate.json') ||
    (resources !== undefined && schema === '' && field(value, 'contentversion') !== undefined) ||
    (schema === '' && holdsFragments(resources));
  return isTemplate ? { kind: 'template', format: 'arm-template', template: value } : undefined;
}

/** `resources` of a template: a list, or an object of symbolic names. */
function holdsFragments(resources: Value | undefined): boolean {
  if (resources?.kind === 'array') return isTemplateFragment(resources);
  return (
    resources?.kind === 'object' &&
    resources.members.size > 0 &&
    [...resources.members.values()].every(({ value }) => value.kind === 'object' && isTemplateFragment(value))
  );
}

function parameterFile(value: ObjectValue, text: string): Recognised | undefined {
  const parameters = field(value, 'parameters');
  const isParameters =
    wordOf(field(value, '$schema')).includes('deploymentparameters.json') ||
    (parameters?.kind === 'object' &&
      parameters.members.size > 0 &&
      [...parameters.members.values()].every(
        ({ value: member }) =>
          member.kind === 'object' &&
          ['value', 'reference', 'expression'].some((name) => member.members.has(name)),
      ));
  if (!isParameters) return undefined;
  return {
    kind: 'parameters',
    holdsRules: /"(?:ruleCollections|ruleType|targetFqdns|fqdnTags|destinationPorts)"\s*:/i.test(text),
  };
}

/** What the command that reads from Azure saves. */
function snapshot(value: ObjectValue): Recognised | undefined {
  const read = readSnapshot(value);
  if (read === undefined) return undefined;
  return 'other' in read
    ? {
        kind: 'unreadable',
        advice: `a snapshot of version ${read.other}, not one that this version of the program writes: use the version that wrote it`,
      }
    : { kind: 'exported', extraction: read };
}

function terraform(value: ObjectValue): Recognised | undefined {
  const isJson =
    field(value, 'format_version') !== undefined && field(value, 'terraform_version') !== undefined;
  const isState = field(value, 'lineage') !== undefined && field(value, 'serial') !== undefined;
  return isJson || isState ? { kind: 'terraform', root: value } : undefined;
}

/** Resources outside a template, as the template that holds just them. */
function wrap(value: Value): ObjectValue {
  const { place } = value;
  const resources = value.kind === 'array' ? value : array([value], place);
  return {
    kind: 'object',
    place,
    members: new Map([['resources', { name: 'resources', value: resources }]]),
  };
}

function topLevel(value: Value): string {
  if (value.kind === 'array') {
    const first = value.items[0];
    return first === undefined ? 'an empty array' : `an array whose first item is ${topLevel(first)}`;
  }
  if (value.kind !== 'object') return value.kind === 'null' ? 'null' : `the ${value.kind} ${textOf(value)}`;
  const names = [...value.members.values()].map(({ name }) => `"${name}"`);
  if (names.length === 0) return 'an empty object';
  const shown = names.slice(0, 5).join(', ');
  return `an object with ${shown}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}
