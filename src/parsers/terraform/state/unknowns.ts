import { child, type Place } from '../../../model/place.ts';
import type { Member, ObjectValue, Value } from '../../value.ts';
import { unknown } from '../evaluate/values.ts';
import type { PlanConfiguration } from './configuration.ts';
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
    if (value.kind === 'array' && mark?.kind === 'array') {
      const { items } = value;
      const expressions =
        expression?.kind === 'array' && expression.items.length === items.length ? expression.items : [];
      return {
        kind: 'array',
        items: items.map((item, at) =>
          this.#value(
            item,
            mark.items[at],
            expressions[at] ?? (expression?.kind === 'array' ? undefined : expression),
            resource,
            `${path}[${at}]`,
          ),
        ),
        place: value.place,
      };
    }
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
      const known = members.get(name)?.value ?? { kind: 'null' as const, place: child(value.place, name) };
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

  #unknown(place: Place, expression: Value | undefined, resource: ListedResource, path: string): Value {
    const address = `${resource.address}.${path}`;
    const ids = this.#configuration.ids(expression, resource);
    const why = {
      reason: `${address} is known after apply`,
      supply: 'lint the state after apply, or a plan made then',
      place,
    };
    if (ids === undefined || ids.length === 0) return unknown(address, why, place);
    const [only] = ids;
    // The singular form of an id is an argument of its own; lists of them end in s.
    if (ids.length === 1 && only !== undefined && !/s(?:\[\d+\])?$/.test(path)) return { ...only, place };
    return { kind: 'array', items: ids.map((id) => ({ ...id, place })), place };
  }
}

function isWritten(expressions: Value, name: string): boolean {
  return expressions.kind === 'object' && expressions.members.has(name);
}
