import { child, type Place } from '../../../model/place.ts';
import { array, nothing, type ArrayValue, type Member, type ObjectValue, type Value } from '../../value.ts';
import { notYet, type PlanConfiguration } from './configuration.ts';
import { memberOf, type ListedResource } from './instances.ts';

/**
 * Fills into planned values what is not known before apply. There it is null or absent, like what is not set, and only
 * `after_unknown` tells the two apart.
 */
export class Unknowns {
  readonly #configuration: PlanConfiguration;

  constructor(configuration: PlanConfiguration) {
    this.#configuration = configuration;
  }

  attributes(resource: ListedResource, afterUnknown: Value | undefined): ObjectValue {
    const expressions = this.#configuration.expressionsOf(resource);
    const filled = this.#object(resource.attributes, afterUnknown, expressions, resource, '');
    if (expressions === undefined) return filled;
    // What the provider computes because nothing is written has Azure's default.
    const members = new Map(
      [...filled.members].filter(
        ([name, { value }]) => value.kind !== 'unknown' || isWritten(expressions, name),
      ),
    );
    return { kind: 'object', members, place: filled.place };
  }

  #value(
    value: Value,
    mark: Value | undefined,
    expression: Value | undefined,
    resource: ListedResource,
    path: string,
  ): Value {
    if (mark?.kind === 'boolean')
      return mark.value ? this.#unknown(value.place, expression, resource, path) : value;
    if (value.kind === 'array' && mark?.kind === 'array')
      return this.#array(value, mark, expression, resource, path);
    if (value.kind === 'object' && mark?.kind === 'object')
      return this.#object(value, mark, expression, resource, path);
    return value;
  }

  #object(
    value: ObjectValue,
    mark: Value | undefined,
    expressions: Value | undefined,
    resource: ListedResource,
    path: string,
  ): ObjectValue {
    if (mark?.kind !== 'object' || mark.members.size === 0) return value;
    const members = new Map<string, Member>(value.members);
    for (const [name, { value: inner }] of mark.members) {
      const known = members.get(name)?.value ?? nothing(child(value.place, name));
      const filled = this.#value(
        known,
        inner,
        memberOf(expressions, name),
        resource,
        path === '' ? name : `${path}.${name}`,
      );
      if (filled !== known) members.set(name, { name, value: filled });
    }
    return { kind: 'object', members, place: value.place };
  }

  #array(
    value: ArrayValue,
    mark: ArrayValue,
    expression: Value | undefined,
    resource: ListedResource,
    path: string,
  ): Value {
    const { items, place } = value;
    const written =
      expression?.kind === 'array' && expression.items.length === items.length ? expression.items : [];
    const open = mark.items.filter((item) => item.kind === 'boolean' && item.value).length;
    // References are told of the list as a whole: they stand for its unknown items if they are as many.
    const ids = open > 0 && HOLDS_IDS.test(path) ? this.#configuration.ids(expression, resource) : undefined;
    let next = 0;
    const filled = items.map((item, at) => {
      const own = mark.items[at];
      const isOpen = own?.kind === 'boolean' && own.value;
      const id = isOpen && ids?.length === open ? ids[next++] : undefined;
      return id === undefined
        ? this.#value(item, own, written[at], resource, `${path}[${at}]`)
        : { ...id, place: item.place };
    });
    return array(filled, place);
  }

  #unknown(place: Place, expression: Value | undefined, resource: ListedResource, path: string): Value {
    const ids = HOLDS_IDS.test(path) ? this.#configuration.ids(expression, resource) : undefined;
    const [only] = ids ?? [];
    const isList = path.endsWith('s');
    if (ids === undefined || only === undefined || (ids.length > 1 && !isList))
      return notYet(resource.address, path, place);
    return isList
      ? array(
          ids.map((id) => ({ ...id, place })),
          place,
        )
      : { ...only, place };
  }
}

/** Arguments whose values are ids of resources, so that a reference to a resource means its id. */
const HOLDS_IDS = /(?:_id|_ip_groups)$/;

function isWritten(expressions: Value, name: string): boolean {
  return expressions.kind === 'object' && expressions.members.has(name);
}
