import data from '../../rules/azure/environments.json' with { type: 'json' };
import type { Cloud } from '../model/policy.ts';

/** What the template function environment() returns in a cloud, as plain JSON. */
export function environmentOf(cloud: Cloud): Readonly<Record<string, unknown>> {
  return data.environments[cloud];
}
