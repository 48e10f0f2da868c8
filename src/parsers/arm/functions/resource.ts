import type { Unknown } from '../../../model/symbol.ts';
import { array, string, type Value } from '../../value.ts';
import { baseId, providerPath, segmentsOf } from '../ids.ts';
import { liveObject } from '../members.ts';
import type { Referenced, Text } from '../scope.ts';
import { canonical, isUnknown, object, unknownValue } from '../values.ts';
import {
  integerAt,
  partial,
  strict,
  stringAt,
  symbolicCall,
  wrongArgument,
  type Call,
  type FunctionTable,
} from './function.ts';
import { textAt } from './text.ts';

/**
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource and
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-scope
 */
export const resourceFunctions: FunctionTable = {
  extensionResourceId: partial(3, Infinity, (args, call) => {
    const base = textAt(args, 0, call);
    return idFrom(textOfString(base), args.slice(1), call);
  }),
  getSecret: partial(1, Infinity, live),
  managementGroup: strict(0, 0, (_args, call) => {
    const { managementGroup } = call.scope.frame.target;
    const id = string(
      `/providers/Microsoft.Management/managementGroups/${managementGroup.text}`,
      call.place,
      managementGroup.unknowns,
    );
    return liveObject(
      object(
        [
          ['name', asValue(managementGroup, call)],
          ['id', id],
          ['type', string('/providers/Microsoft.Management/managementGroups', call.place)],
        ],
        call.place,
      ),
      'managementGroup()',
      scopeUnknown(call, 'the management group'),
    );
  }),
  managementGroupResourceId: partial(2, Infinity, (args, call) => {
    const { target } = call.scope.frame;
    const [given, rest] = leading(args, 1);
    const managementGroup =
      given[0] === undefined ? target.managementGroup : textOfString(textAt(given, 0, call));
    return idFrom(baseId({ ...target, level: 'managementGroup', managementGroup }), rest, call);
  }),
  pickZones: partial(3, 5, (args, call) => {
    // Which zones a region has is a fact of Azure; that they are numbered from 1 is documented.
    const count = args[3] === undefined ? 1 : integerAt(args, 3, call);
    const offset = args[4] === undefined ? 0 : integerAt(args, 4, call);
    const zones = Array.from({ length: Math.max(0, Math.min(count, 3)) }, (_, index) =>
      string(String(index + 1 + offset), call.place),
    );
    return array(zones, call.place);
  }),
  providers: partial(1, 2, live),
  reference: partial(1, 3, reference),
  references: partial(1, 2, (args, call) => {
    if (args.some(isUnknown)) return live(args, call);
    const found = call.scope.siblings.findAll(stringAt(args, 0, call));
    return array(
      found.map((resource) => referenced(resource, isFull(args[1]), call)),
      call.place,
    );
  }),
  resourceGroup: strict(0, 0, (_args, call) => resourceGroup(call)),
  resourceId: partial(2, Infinity, (args, call) => {
    const { target } = call.scope.frame;
    const [given, rest] = leading(args, 2);
    const texts = given.map((_, index) => textOfString(textAt(given, index, call)));
    if (target.level !== 'resourceGroup' && texts.length === 0) return idFrom(baseId(target), rest, call);
    const resourceGroupName = texts.at(-1) ?? target.resourceGroup;
    const subscriptionId = texts.length > 1 ? (texts[0] ?? target.subscription) : target.subscription;
    const base = baseId({
      ...target,
      level: 'resourceGroup',
      subscription: subscriptionId,
      resourceGroup: resourceGroupName,
    });
    return idFrom(base, rest, call);
  }),
  subscription: strict(0, 0, (_args, call) => subscription(call)),
  subscriptionResourceId: partial(2, Infinity, (args, call) => {
    const { target } = call.scope.frame;
    const [given, rest] = leading(args, 1);
    const id = given[0] === undefined ? target.subscription : textOfString(textAt(given, 0, call));
    return idFrom(baseId({ ...target, level: 'subscription', subscription: id }), rest, call);
  }),
  tenant: strict(0, 0, (_args, call) => {
    const why = scopeUnknown(call, 'the tenant');
    return liveObject(
      object([['tenantId', unknownValue('tenant().tenantId', why, call.place)]], call.place),
      'tenant()',
      why,
    );
  }),
  tenantResourceId: partial(2, Infinity, (args, call) => idFrom({ text: '', unknowns: [] }, args, call)),
  toLogicalZone: partial(3, 3, live),
  toLogicalZones: partial(3, 3, live),
  toPhysicalZone: partial(3, 3, live),
  toPhysicalZones: partial(3, 3, live),
};

function live(args: readonly Value[], call: Call): Value {
  return symbolicCall(call, args, liveUnknown(call));
}

function liveUnknown(call: Call): Unknown {
  return {
    reason: `${call.name}() gives live state of Azure`,
    supply: 'give the value as a parameter, or lint what is deployed',
    place: call.place,
  };
}

function textOfString(value: { value: string; unknowns?: readonly Unknown[] }): Text {
  return { text: value.value, unknowns: value.unknowns ?? [] };
}

function asValue({ text, unknowns }: Text, call: Call): Value {
  const [unknown] = unknowns;
  return unknown !== undefined && text.startsWith('⟦') && text.indexOf('⟧') === text.length - 1
    ? { kind: 'unknown', symbol: text, unknown, place: call.place }
    : string(text, call.place, unknowns);
}

/** The arguments before the resource type, at most `most`, and the type with its names. */
function leading(args: readonly Value[], most: number): [given: readonly Value[], rest: readonly Value[]] {
  const type = args.findIndex((arg) => arg.kind === 'string' && segmentsOf(arg.value).length > 1);
  const count = type < 0 ? 0 : Math.min(type, most);
  return [args.slice(0, count), args.slice(count)];
}

function idFrom(base: Text, args: readonly Value[], call: Call): Value {
  const [type, ...names] = args;
  if (type === undefined || type.kind !== 'string') {
    return type?.kind === 'unknown'
      ? symbolicCall(call, args)
      : wrongArgument(call, 0, 'a resource type', type);
  }
  const texts = names.map((_, index) => textAt(names, index, call));
  const path = providerPath(
    type.value,
    texts.map(({ value }) => value),
  );
  return string(base.text + path, call.place, [
    ...base.unknowns,
    ...texts.flatMap(({ unknowns }) => unknowns ?? []),
  ]);
}

function scopeUnknown(call: Call, what: string): Unknown {
  return {
    reason: `${what} of the deployment is not in the template`,
    supply: 'give a parameter for it and its value with --parameters',
    place: call.place,
  };
}

function resourceGroup(call: Call): Value {
  const { target } = call.scope.frame;
  const { text, unknowns } = baseId({ ...target, level: 'resourceGroup' });
  const name = asValue(target.resourceGroup, call);
  const identity = name.kind === 'unknown' ? 'resourceGroup()' : `resourceGroup(${canonical(name)})`;
  const atDeployment = (what: string): Unknown => ({
    reason: `${what} is known only at the time of the deployment`,
    supply: 'give the value with --parameters where a parameter defaults to it, else write it out',
    place: call.place,
  });
  return liveObject(
    object(
      [
        ['id', string(text, call.place, unknowns)],
        ['name', name],
        ['type', string('Microsoft.Resources/resourceGroups', call.place)],
        ['location', unknownValue(`${identity}.location`, atDeployment(`${identity}.location`), call.place)],
      ],
      call.place,
    ),
    identity,
    atDeployment(identity),
  );
}

function subscription(call: Call): Value {
  const { target } = call.scope.frame;
  const why = scopeUnknown(call, 'the subscription');
  const { text, unknowns } = baseId({ ...target, level: 'subscription' });
  const id = asValue(target.subscription, call);
  const identity = id.kind === 'unknown' ? 'subscription()' : `subscription(${canonical(id)})`;
  return liveObject(
    object(
      [
        ['id', string(text, call.place, unknowns)],
        ['subscriptionId', id],
        ['tenantId', unknownValue('tenant().tenantId', why, call.place)],
        ['displayName', unknownValue(`${identity}.displayName`, why, call.place)],
      ],
      call.place,
    ),
    identity,
    why,
  );
}

/** reference(name or id, apiVersion?, 'Full'?): of what the same input declares, else live state. */
function reference(args: readonly Value[], call: Call): Value {
  const [target] = args;
  if (target === undefined || target.kind === 'unknown')
    return symbolicCall(call, args.slice(0, 1), liveUnknown(call));
  const name = stringAt(args, 0, call);
  const found = call.scope.siblings.find(name);
  const full = args.slice(1).some(isFull);
  if (found !== undefined) return referenced(found, full, call);
  return (
    inlineChild(name, call) ?? unknownValue(referenceIdentity(name, full), liveUnknown(call), call.place)
  );
}

function isFull(arg: Value | undefined): boolean {
  return arg?.kind === 'string' && arg.value.toLowerCase() === 'full';
}

function referenceIdentity(name: string, full: boolean): string {
  // The deployment's own group is what a reader expects, and is left out.
  const own =
    '/subscriptions/⟦subscription().subscriptionid⟧/resourcegroups/⟦resourcegroup().name⟧/providers/';
  const lower = name.toLowerCase();
  const short = lower.startsWith(own) ? lower.slice(own.length) : lower;
  return `reference('${short}'${full ? ",'full'" : ''})`;
}

function referenced(resource: Referenced, full: boolean, call: Call): Value {
  const identity = referenceIdentity(resource.id, full);
  const why = liveUnknown(call);
  if (resource.existing) return unknownValue(identity, why, call.place);
  if (full) return liveObject(resource.body, identity, why);
  const { properties } = resource;
  return properties.kind === 'object' ? liveObject(properties, identity, why, resource.id) : properties;
}

/** A subnet and the like, declared inside the properties of its parent and named by its own id. */
function inlineChild(id: string, call: Call): Value | undefined {
  const found = /^(.+)\/([^/]+)\/([^/]+)$/.exec(id);
  const [, parentId = '', collection = '', name = ''] = found ?? [];
  if (!parentId.toLowerCase().includes('/providers/')) return undefined;
  const parent = call.scope.siblings.find(parentId);
  if (parent === undefined || parent.existing || parent.properties.kind !== 'object') return undefined;
  const list = parent.properties.members.get(collection.toLowerCase())?.value;
  if (list?.kind !== 'array') return undefined;
  const child = list.items.find((item) => {
    const written = item.kind === 'object' ? item.members.get('name')?.value : undefined;
    return written?.kind === 'string' && written.value.toLowerCase() === name.toLowerCase();
  });
  const properties = child?.kind === 'object' ? child.members.get('properties')?.value : undefined;
  return properties?.kind === 'object'
    ? liveObject(properties, referenceIdentity(id, false), liveUnknown(call))
    : undefined;
}
