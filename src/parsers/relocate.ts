import type { Place } from '../model/place.ts';
import type { Resource } from './resource.ts';
import type { Member, ObjectValue, Value } from './value.ts';

/**
 * A value with the places where its source writes the same: the member of the same name, the item of the same name or
 * text. What the source does not show keeps the place of what is around it. With `knowsWhy`, what is unknown in both is
 * so for the reason that the source has.
 */
export function relocate(value: Value, source: Value | undefined, around: Place, knowsWhy = false): Value {
  const place = source?.place ?? around;
  switch (value.kind) {
    case 'object':
      return relocateObject(value, source?.kind === 'array' ? source.items[0] : source, place, knowsWhy);
    case 'array': {
      const candidates = source?.kind === 'array' ? source.items : [];
      const items = value.items.map((item, at) =>
        relocate(item, counterpart(item, at, value.items, candidates), place, knowsWhy),
      );
      return { kind: 'array', items, place };
    }
    case 'unknown':
      return knowsWhy && source?.kind === 'unknown'
        ? { ...value, unknown: source.unknown, place }
        : { ...value, place };
    case 'string':
      return knowsWhy && source?.kind === 'string' && source.unknowns?.length === value.unknowns?.length
        ? { ...value, ...(source.unknowns === undefined ? {} : { unknowns: source.unknowns }), place }
        : { ...value, place };
    default:
      return { ...value, place };
  }
}

export function relocateObject(
  value: ObjectValue,
  source: Value | undefined,
  place: Place,
  knowsWhy = false,
): ObjectValue {
  const written = source?.kind === 'object' ? source.members : new Map<string, Member>();
  const members = new Map<string, Member>();
  for (const [name, member] of value.members) {
    const other = written.get(name);
    members.set(name, {
      name: member.name,
      value: relocate(member.value, other?.value, other?.keyPlace ?? place, knowsWhy),
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

/** Resources with the places of those of the same type and id, else of the only one of the same type and name. */
export function relocateResources(
  resources: readonly Resource[],
  sources: readonly Resource[],
): readonly Resource[] {
  const byId = new Map(sources.map((source) => [`${source.type.toLowerCase()} ${source.id}`, source]));
  const byName = new Map<string, Resource | undefined>();
  for (const source of sources) {
    const name = `${source.type} ${source.name}`.toLowerCase();
    byName.set(name, byName.has(name) ? undefined : source);
  }
  return resources.map((resource) => {
    const { type, id, name } = resource;
    const source = byId.get(`${type.toLowerCase()} ${id}`) ?? byName.get(`${type} ${name}`.toLowerCase());
    return source === undefined ? resource : new RelocatedResource(resource, source);
  });
}

class RelocatedResource implements Resource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly place: Place;
  readonly existing: boolean;
  declare readonly conditional?: Resource['conditional'] & object;
  readonly #resource: Resource;
  readonly #source: Resource;
  #body: ObjectValue | undefined;

  constructor(resource: Resource, source: Resource) {
    this.type = resource.type;
    this.name = resource.name;
    this.id = resource.id;
    this.place = source.place;
    this.existing = resource.existing;
    const conditional = resource.conditional && (source.conditional ?? resource.conditional);
    if (conditional !== undefined) this.conditional = conditional;
    this.#resource = resource;
    this.#source = source;
  }

  get body(): ObjectValue {
    this.#body ??= relocateObject(this.#resource.body, this.#source.body, this.place, true);
    return this.#body;
  }

  get properties(): ObjectValue {
    const properties = this.body.members.get('properties')?.value;
    return properties?.kind === 'object'
      ? properties
      : { kind: 'object', members: new Map(), place: this.place };
  }

  get dependsOn(): readonly string[] {
    return this.#resource.dependsOn;
  }
}
