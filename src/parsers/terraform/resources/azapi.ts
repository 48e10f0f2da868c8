import { readJson } from '../../json/read.ts';
import { InputError } from '../../../errors.ts';
import { parseResourceId } from '../../azure-firewall/resource-ids.ts';
import type { Resource } from '../../resource.ts';
import { array, type Member, type ObjectValue, type Value } from '../../value.ts';
import { meaningOf, toText, whyUnknown } from '../evaluate/values.ts';
import { object } from './rename.ts';
import type { TerraformResource } from './resource.ts';
import { originOf, idOf, nameOf, placeOf } from './translate.ts';

/**
 * Resources that are written as Azure's API takes them; the body is an object, or its JSON before version 2, with the
 * members of sensitive_body put over it: https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource
 */
export function azapiResource(one: TerraformResource): Resource[] {
  const { attributes, place } = one;
  const type = textOf(attributes.members.get('type')?.value).split('@')[0] ?? '';
  if (
    !/^microsoft\.(?:network\/(?:firewallpolicies|azurefirewalls|ipgroups|virtualnetworks|routetables|networksecuritygroups|privatednszones)|containerservice\/managedclusters|kubernetesconfiguration\/)/i.test(
      type,
    )
  ) {
    return [];
  }
  const written = bodyOf(attributes.members.get('body')?.value, place);
  const secret = bodyOf(attributes.members.get('sensitive_body')?.value, place);
  const body = written.kind === 'object' && secret.kind === 'object' ? overlaid(written, secret) : written;
  const id = textOf(attributes.members.get('resource_id')?.value).toLowerCase() || idOf(one);
  const properties = body.kind === 'object' ? body.members.get('properties')?.value : body;
  const whole = object(
    [
      ...(body.kind === 'object'
        ? [...body.members.values()].map(({ name, value }) => [name, value] as const)
        : []),
      ['properties', properties],
      ['location', attributes.members.get('location')?.value],
    ],
    place,
  );
  const parent = parseResourceId(textOf(attributes.members.get('parent_id')?.value));
  const names = parseResourceId(id)?.names ?? [
    ...(type.split('/').length > 2 ? (parent?.names ?? []) : []),
    nameOf(attributes),
  ];
  return [
    {
      type,
      name: names.join('/'),
      id,
      properties: properties?.kind === 'object' ? properties : object([], place),
      body: whole,
      place: placeOf(one),
      ...originOf(one),
      existing: false,
      dependsOn: [],
    },
  ];
}

/**
 * Resources with what azapi_update_resource changes of them: it sends the resource as it is with the members of its body
 * put over it. An update of something that is managed elsewhere tells nothing of the rest, so a policy or firewall that is
 * known from it alone is no definition; a rule collection group is, as far as it has rules.
 */
export function withUpdates(resources: readonly Resource[], updates: readonly Resource[]): Resource[] {
  const all = [...resources];
  for (const update of updates) {
    const at = all.findIndex(
      ({ id, type }) => id === update.id && type.toLowerCase() === update.type.toLowerCase(),
    );
    const target = all[at];
    if (target === undefined) {
      const holdsRules = update.properties.members.has('rulecollections');
      all.push(holdsRules ? update : { ...update, existing: true });
      continue;
    }
    const properties = overlaid(target.properties, update.properties);
    const body = overlaid(target.body, object([['properties', properties]], target.body.place));
    all[at] = { ...target, properties, body };
  }
  return all;
}

/** Collections by kind, as the azurerm provider has them, are one list in Azure. */
const BY_KIND = ['networkrulecollections', 'applicationrulecollections'];

function overlaid(under: ObjectValue, over: ObjectValue): ObjectValue {
  const members = new Map(under.members);
  if (over.members.has('rulecollections')) for (const name of BY_KIND) members.delete(name);
  for (const [name, member] of over.members) {
    const known = members.get(name)?.value;
    const merged =
      known?.kind === 'object' && member.value.kind === 'object' && known !== member.value
        ? { ...member, value: overlaid(known, member.value) }
        : member;
    members.set(name, merged);
  }
  return { kind: 'object', members, place: under.place };
}

function textOf(value: Value | undefined): string {
  return value?.kind === 'string' || value?.kind === 'unknown' ? toText(value).value : '';
}

function bodyOf(value: Value | undefined, place: TerraformResource['place']): Value {
  if (value === undefined || value.kind === 'null') return object([], place);
  if (value.kind === 'object') return azureNames(value);
  const { encoded } = meaningOf(value);
  if (encoded !== undefined) return azureNames(encoded);
  if (value.kind !== 'string' || whyUnknown(value) !== undefined) return value;
  try {
    return placed(readJson(value.place.path, value.value).value, value.place);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const why = {
      reason: `the body is no JSON: ${error.message}`,
      supply: 'correct the body',
      place: value.place,
      isMistake: true as const,
    };
    return { kind: 'unknown', symbol: '⟦body⟧', unknown: why, place: value.place };
  }
}

/** Azure compares names without case. */
function azureNames(value: Value): Value {
  if (value.kind === 'array') return { ...value, items: value.items.map(azureNames) };
  if (value.kind !== 'object') return value;
  const members = new Map<string, Member>();
  for (const [name, member] of value.members) {
    members.set(name.toLowerCase(), { ...member, name: member.name, value: azureNames(member.value) });
  }
  const written = members.get('name')?.value.place;
  const place = value.place.span !== undefined && written?.span !== undefined ? written : value.place;
  const named: ObjectValue = { kind: 'object', members, place };
  return named;
}

/** Parts of a text have no place of their own. */
function placed(value: Value, place: Value['place']): Value {
  switch (value.kind) {
    case 'array':
      return array(
        value.items.map((item) => placed(item, place)),
        place,
      );
    case 'object': {
      const members = new Map<string, Member>();
      for (const [name, member] of value.members) {
        members.set(name, { name: member.name, value: placed(member.value, place), keyPlace: place });
      }
      return { kind: 'object', members, place };
    }
    default:
      return { ...value, place };
  }
}
