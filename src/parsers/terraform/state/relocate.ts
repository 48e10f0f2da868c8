import type { Place } from '../../../model/place.ts';
import { array, type Member, type ObjectValue, type Value } from '../../value.ts';
import type { TerraformResource } from '../resources/resource.ts';

/**
 * The resources of a plan or state with the places where a configuration writes them: the same address, and in it the
 * same block and value. What the configuration does not show keeps the place of what is around it.
 */
export function relocate(
  resources: readonly TerraformResource[],
  sources: readonly TerraformResource[],
): TerraformResource[] {
  const byAddress = new Map(sources.map((source) => [source.address, source]));
  return resources.map((resource) => {
    const source = byAddress.get(resource.address) ?? byAddress.get(anyInstance(resource.address));
    if (source === undefined) return resource;
    const attributes = object(resource.attributes, source.attributes, source.place);
    return { ...resource, attributes, place: source.place };
  });
}

/** Of a for_each that the configuration does not tell, there is one instance. */
function anyInstance(address: string): string {
  return address.replace(/\[[^\]]*\]$/, '[*]');
}

function moved(value: Value, source: Value | undefined, around: Place): Value {
  const place = source?.place ?? around;
  switch (value.kind) {
    case 'object':
      return object(value, source?.kind === 'array' ? source.items[0] : source, place);
    case 'array': {
      const candidates = source?.kind === 'array' ? source.items : [];
      const items = value.items.map((item, at) =>
        moved(item, counterpart(item, at, value.items, candidates), place),
      );
      return array(items, place);
    }
    default:
      return { ...value, place };
  }
}

function object(value: ObjectValue, source: Value | undefined, place: Place): ObjectValue {
  const written = source?.kind === 'object' ? source.members : new Map<string, Member>();
  const members = new Map<string, Member>();
  for (const [name, member] of value.members) {
    const other = written.get(name);
    members.set(name, {
      name: member.name,
      value: moved(member.value, other?.value, other?.keyPlace ?? place),
      keyPlace: other?.keyPlace ?? place,
    });
  }
  return { kind: 'object', members, place: source?.place ?? place };
}

/** The item that stands for the same thing: of the same name or text, else at the same position of as many. */
function counterpart(
  item: Value,
  at: number,
  items: readonly Value[],
  candidates: readonly Value[],
): Value | undefined {
  const key = keyOf(item);
  const same = key === undefined ? undefined : candidates.find((candidate) => keyOf(candidate) === key);
  return same ?? (candidates.length === items.length ? candidates[at] : undefined);
}

function keyOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'number':
      return String(value.value);
    case 'object': {
      const name = value.members.get('name')?.value;
      return name?.kind === 'string' ? name.value : undefined;
    }
    default:
      return undefined;
  }
}
