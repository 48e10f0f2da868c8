import type { ObjectValue } from '../value.ts';
import type { Target, Text } from './scope.ts';

/** The level that a template is written for, by its schema. */
export function levelOf(template: ObjectValue): Target['level'] | undefined {
  const schema = template.members.get('$schema')?.value;
  const name =
    schema?.kind === 'string' ? /\/([A-Za-z]*)deploymentTemplate\.json/i.exec(schema.value)?.[1] : undefined;
  switch (name?.toLowerCase()) {
    case '':
      return 'resourceGroup';
    case 'subscription':
      return 'subscription';
    case 'managementgroup':
      return 'managementGroup';
    case 'tenant':
      return 'tenant';
    default:
      return undefined;
  }
}

/** What the `scope` of a nested deployment means: a level by its id, or by the type and name of a management group. */
export function scopeTarget({ text, unknowns }: Text, around: Target): Target {
  const part = (pattern: RegExp): Text | undefined => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? undefined : { text: found, unknowns };
  };
  const managementGroup = part(/Microsoft\.Management\/managementGroups\/([^/]+)$/i);
  if (managementGroup !== undefined) return { ...around, level: 'managementGroup', managementGroup };
  const subscription = part(/subscriptions\/([^/]+)/i) ?? around.subscription;
  const resourceGroup = part(/resourceGroups\/([^/]+)$/i);
  if (resourceGroup !== undefined) return { ...around, level: 'resourceGroup', subscription, resourceGroup };
  return { ...around, level: text === '/' ? 'tenant' : 'subscription', subscription };
}
