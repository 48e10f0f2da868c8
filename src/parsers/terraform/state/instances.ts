import type { Place } from '../../../model/place.ts';
import type { ObjectValue, Value } from '../../value.ts';
import { numberText } from '../evaluate/values.ts';

/** A resource as a state or plan lists it, before anything is filled in that is not known. */
export interface ListedResource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** `module.hub["a"]`, '' for the root. */
  readonly module: string;
  /** As it stands in the address: `["nodes"]`, `[0]` or ''. */
  readonly index: string;
  readonly attributes: ObjectValue;
  readonly place: Place;
}

export function memberOf(value: Value | undefined, name: string): Value | undefined {
  const found = value?.kind === 'object' ? value.members.get(name)?.value : undefined;
  return found?.kind === 'null' ? undefined : found;
}

export function itemsOf(value: Value | undefined): readonly Value[] {
  return value?.kind === 'array' ? value.items : [];
}

export function textOf(value: Value | undefined): string {
  return value?.kind === 'string' ? value.value : '';
}

/** `terraform.tfstate`: https://github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go */
export function stateResources(root: ObjectValue): ListedResource[] {
  return itemsOf(memberOf(root, 'resources')).flatMap((resource) => {
    if (textOf(memberOf(resource, 'mode')) !== 'managed') return [];
    const [type, name] = [textOf(memberOf(resource, 'type')), textOf(memberOf(resource, 'name'))];
    const module = textOf(memberOf(resource, 'module'));
    return itemsOf(memberOf(resource, 'instances')).flatMap((instance): ListedResource[] => {
      const attributes = memberOf(instance, 'attributes');
      // A deposed instance is what a replacement has not destroyed yet.
      if (attributes?.kind !== 'object' || memberOf(instance, 'deposed') !== undefined) return [];
      const index = indexText(memberOf(instance, 'index_key'));
      const own = `${type}.${name}${index}`;
      return [
        {
          address: module === '' ? own : `${module}.${own}`,
          type,
          name,
          module,
          index,
          attributes: withoutTypes(attributes),
          place: instance.place,
        },
      ];
    });
  });
}

/** Attributes of any type are stored with their type beside the value, as the body of azapi resources is. */
function withoutTypes(attributes: ObjectValue): ObjectValue {
  const body = valueOfTyped(memberOf(attributes, 'body'));
  if (body === undefined) return attributes;
  const members = new Map(attributes.members);
  members.set('body', { name: 'body', value: body });
  return { kind: 'object', members, place: attributes.place };
}

/** The value of `{"value": …, "type": …}`. */
export function valueOfTyped(value: Value | undefined): Value | undefined {
  return memberOf(value, 'type') === undefined ? undefined : memberOf(value, 'value');
}

/** `values` or `planned_values`: https://developer.hashicorp.com/terraform/internals/json-format#values-representation */
export function valuesResources(values: Value | undefined): ListedResource[] {
  const found: ListedResource[] = [];
  const visit = (module: Value | undefined): void => {
    const address = textOf(memberOf(module, 'address'));
    for (const resource of itemsOf(memberOf(module, 'resources'))) {
      const one = listed(resource, memberOf(resource, 'values'), address);
      if (one !== undefined) found.push(one);
    }
    itemsOf(memberOf(module, 'child_modules')).forEach(visit);
  };
  visit(memberOf(values, 'root_module'));
  return found;
}

/** What changes leave, for plans without planned values. */
export function changedResources(root: ObjectValue): ListedResource[] {
  return itemsOf(memberOf(root, 'resource_changes')).flatMap((change) => {
    if (memberOf(change, 'deposed') !== undefined) return [];
    const after = memberOf(memberOf(change, 'change'), 'after');
    return listed(change, after, textOf(memberOf(change, 'module_address'))) ?? [];
  });
}

function listed(resource: Value, attributes: Value | undefined, module: string): ListedResource | undefined {
  const isCurrent = memberOf(resource, 'deposed_key') === undefined;
  if (textOf(memberOf(resource, 'mode')) !== 'managed' || attributes?.kind !== 'object' || !isCurrent)
    return undefined;
  return {
    address: textOf(memberOf(resource, 'address')),
    type: textOf(memberOf(resource, 'type')),
    name: textOf(memberOf(resource, 'name')),
    module,
    index: indexText(memberOf(resource, 'index')),
    attributes,
    place: resource.place,
  };
}

function indexText(value: Value | undefined): string {
  if (value?.kind === 'number') return `[${numberText(value.value)}]`;
  return value?.kind === 'string' ? `["${value.value}"]` : '';
}
