import { relocateObject } from '../../relocate.ts';
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
    const attributes = relocateObject(resource.attributes, source.attributes, source.place);
    return { ...resource, attributes, place: source.place };
  });
}

/** Of a for_each that the configuration does not tell, there is one instance. */
function anyInstance(address: string): string {
  return address.replace(/\[[^\]]*\]$/, '[*]');
}
