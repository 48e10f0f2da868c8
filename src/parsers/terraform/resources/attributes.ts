import type { Unknown } from '../../../model/symbol.ts';
import { array, string, type Value } from '../../value.ts';
import { blockValues, evaluateSafely } from '../evaluate/body.ts';
import type { ResourceInstance } from '../evaluate/instance.ts';
import { joined, LazyObject, toText, unknown, whyUnknown } from '../evaluate/values.ts';
import { resourceId } from './ids.ts';

/**
 * An attribute of a resource as other parts of the configuration read it: what is written, the id as far as it can be
 * told, and a symbol for what only Azure knows.
 */
export function attributeOfResource(instance: ResourceInstance, name: string): Value {
  const { block, scope, type } = instance;
  const written = block.body.attributes.get(name);
  if (written !== undefined) {
    const value = evaluateSafely(written.expression, scope);
    if (value.kind !== 'null') return name === 'location' ? normalisedLocation(value, type) : value;
  }
  if (block.body.blocks.some((inner) => (inner.type === 'dynamic' ? inner.labels[0] : inner.type) === name)) {
    const values = blockValues(block.body, name, scope);
    return array(
      values.map((value, at) => withComputed(value, instance, `${name}[${at}]`)),
      block.place,
    );
  }
  if (name === 'id') {
    const id = resourceId(type, instance.attribute, block.place, instance.module.evaluation.label);
    if (id !== undefined) return id;
  }
  return computed(instance, name);
}

/** What the configuration does not write of a resource, the provider does. */
function computed(instance: ResourceInstance, name: string): Value {
  const address = `${instance.address}.${name}`;
  const { label } = instance.module.evaluation;
  return unknown(
    label === '' ? address : `${label}: ${address}`,
    why(instance, address),
    instance.block.place,
  );
}

/** A block has attributes that the provider adds, as the private address of a firewall. */
function withComputed(value: Value, instance: ResourceInstance, path: string): Value {
  if (value.kind !== 'object') return value;
  const { members, place } = value;
  return new LazyObject(
    place,
    () => [...members.keys()],
    (name) =>
      members.get(name)?.value ??
      (name === 'id' ? subnetId(instance, path, members.get('name')?.value) : undefined) ??
      computed(instance, `${path}.${name}`),
  );
}

/** A subnet inside of its virtual network is a resource of its own in Azure. */
function subnetId(
  { type, attribute }: ResourceInstance,
  path: string,
  name: Value | undefined,
): Value | undefined {
  const network = attribute('id');
  if (type !== 'azurerm_virtual_network' || !path.startsWith('subnet[')) return undefined;
  if (network === undefined || name === undefined) return undefined;
  return joined([toText(network), string('/subnets/', network.place), toText(name)], network.place);
}

function why({ mode, type, block }: ResourceInstance, address: string): Unknown {
  const { place } = block;
  if (type === 'terraform_remote_state') {
    return {
      reason: `${address} is read from another state`,
      supply: 'lint the plan or the state instead',
      place,
    };
  }
  return mode === 'data'
    ? {
        reason: `${address} is read from Azure`,
        supply: `lint the plan or the state instead, or write ${address} out`,
        place,
      }
    : {
        reason: `${address} is known after apply`,
        supply: `lint the plan or the state instead, or write ${address} out`,
        place,
      };
}

/** The provider writes "West Europe" as "westeurope", which names built from it rely on. */
function normalisedLocation(value: Value, type: string): Value {
  if (value.kind !== 'string' || whyUnknown(value) !== undefined || !type.startsWith('azurerm_'))
    return value;
  return string(value.value.toLowerCase().replaceAll(' ', ''), value.place);
}
