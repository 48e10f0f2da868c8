import type { InputFormat } from '../../model/format.ts';
import type { Place } from '../../model/place.ts';
import { CUT_OFF, field, isCutOff, textOf } from '../azure-firewall/fields.ts';
import { FIREWALL, GROUP, IP_GROUP, parseResourceId, POLICY } from '../azure-firewall/resource-ids.ts';
import type { Extraction, Resource, ResourceGap } from '../resource.ts';
import { array, number, type ArrayValue, type ObjectValue, type Value } from '../value.ts';
import { openContainer } from './elements.ts';

/**
 * Resources as Azure returns them: REST GET and list answers, Resource Graph rows, the flattened output of the Azure
 * CLI, PowerShell objects, one or many. Undefined where nothing in the value looks like an Azure resource. Names
 * compare without case, which covers PowerShell's.
 */
export function readExported(value: ArrayValue | ObjectValue): Extraction | undefined {
  const { format, items, more } = openContainer(value);
  const objects = items.filter((item) => item.kind === 'object');
  const resources = objects.flatMap((item) => resourceOf(item) ?? []);
  const collections = objects.filter(isCollection);
  if (resources.length === 0 && collections.length > 0)
    resources.push(groupOfCollections(value, collections));
  if (resources.length === 0 && (items.length > 0 || value.kind === 'object') && format === '')
    return undefined;
  const firewallObject = objects.find((item) => isFirewallType(resourceOf(item)?.type ?? '')) ?? objects[0];
  const gaps = more === undefined ? [] : [gapAfter(resources, more)];
  const told = format !== '' && format !== 'rest-list' ? format : formatOf(firewallObject, format);
  const cut = told === 'powershell' ? resources.map(({ properties }) => cutOffIn(properties)) : [];
  const place = cut.find((found) => found !== undefined);
  if (place !== undefined) {
    gaps.push({ type: GROUP, unknown: { reason: CUT_OFF, supply: 'repeat the export', place }, place });
  }
  return { format: told, resources, gaps, notes: [] };
}

/** Lists whose items are objects; of these a reader of rules says itself that they are cut off. */
const OF_OBJECTS = /^(?:rules|rulecollections?|(?:application|network|nat)rulecollections)$/;
const OF_TEXTS =
  /^(?:(?:source|destination)(?:addresses|ipgroups)|destination(?:ports|fqdns)|target(?:fqdns|urls)|fqdntags|webcategories)$/;

/** A part of a rule that ConvertTo-Json wrote as text: a type name, or a list joined by spaces. */
function cutOffIn(value: Value, name = ''): Place | undefined {
  switch (value.kind) {
    case 'string': {
      const isJoined = OF_TEXTS.test(name) && value.value.trim().includes(' ');
      return isJoined || (isCutOff(value.value) && !OF_OBJECTS.test(name)) ? value.place : undefined;
    }
    case 'array':
      return firstOf(value.items, (item) => cutOffIn(item, name));
    case 'object':
      return firstOf([...value.members], ([key, { value: member }]) =>
        name === '' && !OF_OBJECTS.test(key) ? undefined : cutOffIn(member, key),
      );
    default:
      return undefined;
  }
}

function firstOf<T>(list: readonly T[], find: (item: T) => Place | undefined): Place | undefined {
  for (const item of list) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Resources as templates write them: with a type, not yet deployed, so without an id, and not flattened. */
export function isTemplateFragment(value: ArrayValue | ObjectValue): boolean {
  const items = value.kind === 'array' ? value.items : [value];
  return (
    items.length > 0 &&
    items.every(
      (item) =>
        item.kind === 'object' &&
        field(item, 'type') !== undefined &&
        field(item, 'id') === undefined &&
        (field(item, 'apiversion') !== undefined || hasExpression(item)),
    )
  );
}

/** The apiVersion may have been left out of a fragment; an expression in the name or the properties is a template's. */
function hasExpression(resource: ObjectValue): boolean {
  const written = [field(resource, 'name'), field(resource, 'properties')];
  return written.some((value) => value !== undefined && findText(value, /^\[(?!\[).*\]$/s));
}

function findText(value: Value, pattern: RegExp): boolean {
  switch (value.kind) {
    case 'string':
      return pattern.test(value.value);
    case 'array':
      return value.items.some((item) => findText(item, pattern));
    case 'object':
      return [...value.members.values()].some((member) => findText(member.value, pattern));
    default:
      return false;
  }
}

function isFirewallType(type: string): boolean {
  return [POLICY, GROUP, FIREWALL, IP_GROUP].includes(type.toLowerCase());
}

function resourceOf(body: ObjectValue): Resource | undefined {
  const properties = field(body, 'properties');
  const inner = properties?.kind === 'object' ? properties : body;
  // PowerShell's wrapper of a rule collection group keeps the id inside.
  const id = textOf(field(body, 'id') ?? field(inner, 'id'));
  const parsed = parseResourceId(id);
  const written = textOf(field(body, 'type'));
  const type = written.includes('/') ? written : (parsed?.type ?? typeByShape(inner));
  if (type === undefined) return undefined;
  const name = fullName(id, textOf(field(body, 'name') ?? field(inner, 'name')));
  return {
    type,
    name,
    id: parsed === undefined ? '' : id.toLowerCase(),
    properties: inner,
    body,
    place: body.place,
    existing: false,
    dependsOn: [],
  };
}

/** `policy/group` from the id, as written there; a list answer names the group alone. */
function fullName(id: string, name: string): string {
  const tail = id.slice(id.toLowerCase().lastIndexOf('/providers/') + 1).split('/');
  const names = tail.filter((_, index) => index > 2 && index % 2 === 1);
  return names.length > 0 ? names.join('/') : name;
}

/** A request body or an object cut from somewhere, without id and type. */
function typeByShape(body: ObjectValue): string | undefined {
  if (isList(body, 'rulecollections') || isList(body, 'rulecollection')) return GROUP;
  if (isList(body, 'applicationrulecollections') || isList(body, 'networkrulecollections')) return FIREWALL;
  if (isList(body, 'ipaddresses')) return IP_GROUP;
  return undefined;
}

function isList(body: ObjectValue, name: string): boolean {
  return body.members.get(name)?.value.kind === 'array';
}

/** One element of `az network firewall policy rule-collection-group collection list`. */
function isCollection(value: ObjectValue): boolean {
  return (
    isList(value, 'rules') && (field(value, 'rulecollectiontype') ?? field(value, 'action')) !== undefined
  );
}

/** Collections without their group: one group whose priority does not matter, as there is no other. */
function groupOfCollections(value: Value, collections: readonly ObjectValue[]): Resource {
  const { place } = value;
  const properties: ObjectValue = {
    kind: 'object',
    place,
    members: new Map([
      ['priority', { name: 'priority', value: number(0, place) }],
      ['rulecollections', { name: 'ruleCollections', value: array(collections, place) }],
    ]),
  };
  return {
    type: GROUP,
    name: '',
    id: '',
    properties,
    body: properties,
    place,
    existing: false,
    dependsOn: [],
  };
}

function gapAfter(resources: readonly Resource[], place: Place): ResourceGap {
  return {
    type: resources.find(({ type }) => isFirewallType(type))?.type ?? '',
    unknown: {
      reason: 'this is the first page of a longer list',
      supply: 'export all pages into one file',
      place,
    },
    place,
  };
}

function formatOf(item: ObjectValue | undefined, container: InputFormat | ''): InputFormat {
  if (item === undefined) return container === '' ? 'az-cli' : container;
  const names = [...item.members.values()].map(({ name }) => name);
  if (names.some((name) => /^(?:Name|Id|Properties|RuleCollections?)$/.test(name))) return 'powershell';
  if (container !== '') return container;
  if (names.includes('tenantId') && names.includes('subscriptionId')) return 'resource-graph';
  return names.includes('properties') ? 'arm-resource' : 'az-cli';
}
