import type { Text, Target } from './scope.ts';
import { ExpressionError } from './expression.ts';
import { splitOutsideSymbols } from './symbols.ts';

/** Resource ids and the names in them (https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#resourceid). */

/** Segments of a name; a slash inside a symbol does not count. */
export function segmentsOf(text: string): string[] {
  return splitOutsideSymbols(text, '/');
}

/** The id up to `/providers`; the empty string for the tenant. */
export function baseId(target: Target): Text {
  const { subscription, resourceGroup, managementGroup } = target;
  switch (target.level) {
    case 'tenant':
      return { text: '', unknowns: [] };
    case 'managementGroup':
      return {
        text: `/providers/Microsoft.Management/managementGroups/${managementGroup.text}`,
        unknowns: managementGroup.unknowns,
      };
    case 'subscription':
      return { text: `/subscriptions/${subscription.text}`, unknowns: subscription.unknowns };
    case 'resourceGroup':
      return {
        text: `/subscriptions/${subscription.text}/resourceGroups/${resourceGroup.text}`,
        unknowns: [...subscription.unknowns, ...resourceGroup.unknowns],
      };
  }
}

/** `/providers/<type and names, interleaved>`. Throws an ExpressionError where type and names do not fit. */
export function providerPath(type: string, names: readonly string[]): string {
  const [provider = '', ...types] = type.split('/');
  if (types.length !== names.length || types.length === 0) {
    throw new ExpressionError(
      `the type ${type} needs ${Math.max(1, types.length)} name${types.length > 1 ? 's' : ''}, found ${names.length}`,
    );
  }
  return `/providers/${provider}${types.map((part, index) => `/${part}/${names[index] ?? ''}`).join('')}`;
}

/** Id of a resource by type and full name, as written; where they do not fit, a text that is still unique. */
export function resourceIdOf(base: string, type: string, name: string): string {
  if (type.toLowerCase() === 'microsoft.resources/resourcegroups') {
    return `${base.replace(/\/resourceGroups\/.*$/i, '')}/resourceGroups/${name}`;
  }
  try {
    return base + providerPath(type, segmentsOf(name));
  } catch {
    return `${base}/providers/${type}/${name}`;
  }
}
