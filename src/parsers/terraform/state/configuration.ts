import type { Place } from '../../../model/place.ts';
import { string, type Member, type StringValue, type Value } from '../../value.ts';
import { unknown } from '../evaluate/values.ts';
import { idOf } from '../resources/translate.ts';
import { itemsOf, memberOf, textOf, type ListedResource } from './instances.ts';

/** A module of `configuration` with the way that leads to it. */
interface ModuleConfiguration {
  readonly value: Value | undefined;
  /** Names of the calls, from the root. */
  readonly path: readonly string[];
  readonly parent: ModuleConfiguration | undefined;
}

/**
 * The part of a plan that says what each argument refers to. Ids are not known before the first apply; the reference tells
 * which resource is meant. https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
 */
export class PlanConfiguration {
  readonly #root: ModuleConfiguration | undefined;
  readonly #byKey = new Map<string, ListedResource[]>();
  readonly #marks: ReadonlyMap<string, Value>;

  /** `marks` holds the `after_unknown` of each address. */
  constructor(
    configuration: Value | undefined,
    resources: readonly ListedResource[],
    marks: ReadonlyMap<string, Value>,
  ) {
    this.#marks = marks;
    const value = memberOf(configuration, 'root_module');
    this.#root = value && { value, path: [], parent: undefined };
    for (const resource of resources) {
      const key = `${callsOf(resource.module).join('.')} ${resource.type}.${resource.name}`;
      const known = this.#byKey.get(key) ?? [];
      known.push(resource);
      this.#byKey.set(key, known);
    }
  }

  /** What is written for the arguments of a resource; undefined where the plan does not tell. */
  expressionsOf(resource: ListedResource): Value | undefined {
    const module = this.#module(callsOf(resource.module));
    const found = itemsOf(memberOf(module?.value, 'resources')).find(
      (one) =>
        textOf(memberOf(one, 'mode')) === 'managed' &&
        textOf(memberOf(one, 'type')) === resource.type &&
        textOf(memberOf(one, 'name')) === resource.name,
    );
    return memberOf(found, 'expressions');
  }

  /** Ids that an expression refers to; undefined where one of its references leads elsewhere. */
  ids(expression: Value | undefined, resource: ListedResource): StringValue[] | undefined {
    const module = this.#module(callsOf(resource.module));
    return module && this.#idsOf(expression, module, resource, 0);
  }

  #module(path: readonly string[]): ModuleConfiguration | undefined {
    let at = this.#root;
    for (const call of path) {
      const value = memberOf(memberOf(memberOf(at?.value, 'module_calls'), call), 'module');
      at = at && { value, path: [...at.path, call], parent: at };
    }
    return at;
  }

  #idsOf(
    expression: Value | undefined,
    module: ModuleConfiguration,
    resource: ListedResource,
    depth: number,
  ): StringValue[] | undefined {
    const all = itemsOf(memberOf(expression, 'references')).map(textOf);
    // Terraform lists "a.b.id" and then "a.b": the longer one says it all.
    const longest = all.filter(
      (one) => !all.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)),
    );
    // "a.b[each.key].id" is listed as "a.b" and "each.key".
    const references = longest.filter((one) => one !== 'each.key' && one !== 'count.index');
    const own = references.length < longest.length;
    if (references.length === 0 || depth > 20) return undefined;
    const ids: StringValue[] = [];
    for (const reference of references) {
      const found = this.#reference(reference, module, resource, own, depth);
      if (found === undefined) return undefined;
      ids.push(...found);
    }
    return ids;
  }

  /** `own` says that the instance of the same key is meant. */
  #reference(
    reference: string,
    module: ModuleConfiguration,
    resource: ListedResource,
    own: boolean,
    depth: number,
  ): StringValue[] | undefined {
    const [, variable] = /^var\.([\w-]+)$/.exec(reference) ?? [];
    if (variable !== undefined) {
      const call = module.path.at(-1);
      const { parent } = module;
      if (call === undefined || parent === undefined || own) return undefined;
      const given = memberOf(
        memberOf(memberOf(memberOf(parent.value, 'module_calls'), call), 'expressions'),
        variable,
      );
      return this.#idsOf(given, parent, resource, depth + 1);
    }
    const [, call, output] = /^module\.([\w-]+)\.([\w-]+)$/.exec(reference) ?? [];
    if (call !== undefined && output !== undefined && !own) {
      const child = this.#module([...module.path, call]);
      const expression = memberOf(memberOf(memberOf(child?.value, 'outputs'), output), 'expression');
      return child && this.#idsOf(expression, child, resource, depth + 1);
    }
    const [, type, name, written] = /^([\w-]+)\.([\w-]+)(\[[^\]]*\])?(?:\.id)?$/.exec(reference) ?? [];
    if (type === undefined || name === undefined) return undefined;
    const index = written ?? (own ? resource.index : undefined);
    return this.#instances(`${module.path.join('.')} ${type}.${name}`, index, resource);
  }

  #instances(key: string, index: string | undefined, resource: ListedResource): StringValue[] | undefined {
    const all = this.#byKey.get(key) ?? [];
    const sameModule = all.filter(({ module }) => module === resource.module);
    const candidates = sameModule.length > 0 ? sameModule : all;
    // Which one of several instances of a module is meant, only the evaluation could tell.
    if (new Set(candidates.map(({ module }) => module)).size > 1) return undefined;
    const fitting = index === undefined ? candidates : candidates.filter((one) => one.index === index);
    const ids = fitting.map((one) => this.#idOf(one));
    return ids.length === 0 || ids.includes('') ? undefined : ids.map((id) => string(id, resource.place));
  }

  /** The id made of names, of which those that are not known are the symbols that they are everywhere. */
  #idOf({ type, name, address, attributes, place }: ListedResource): string {
    const members = new Map<string, Member>(attributes.members);
    const mark = this.#marks.get(address);
    for (const [attribute, { value }] of mark?.kind === 'object' ? mark.members : []) {
      if (attribute === 'id' || value.kind !== 'boolean' || !value.value) continue;
      members.set(attribute, { name: attribute, value: notYet(address, attribute, place) });
    }
    return idOf({
      type,
      name,
      address,
      attributes: { kind: 'object', members, place: attributes.place },
      place,
    });
  }
}

/** An attribute that Terraform or Azure makes up at apply. */
export function notYet(address: string, path: string, place: Place): Value {
  const why = {
    reason: `${address}.${path} is known after apply`,
    supply: `lint the state after apply, or a plan made then, in which ${address}.${path} is known`,
    place,
  };
  return unknown(`${address}.${path}`, why, place);
}

/** `module.hub["a"].module.fw` as hub, fw. */
function callsOf(module: string): string[] {
  return [...module.matchAll(/module\.([\w-]+)/g)].map(([, name = '']) => name);
}
