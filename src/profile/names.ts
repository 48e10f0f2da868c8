import type { UsageError } from '../errors.ts';
import { didYouMean } from './did-you-mean.ts';
import { CLOUDS, PRIVATE_SERVICES, type PrivateService } from './facts.ts';
import { FEATURES, featureNames, findFeature, type Feature } from './features.ts';
import { PROFILE_NAMES, type ProfileName } from './profile.ts';

/** Names that people write, found in the lists of those that exist. `complain` turns a message into an error with its place. */
export type Complain = (message: string) => UsageError;

export function profileName(name: string, complain: Complain): ProfileName {
  return oneOf(name, PROFILE_NAMES, 'profile', complain);
}

export function cloudName(name: string, complain: Complain): (typeof CLOUDS)[number] {
  return oneOf(name, CLOUDS, 'cloud', complain);
}

export function privateService(name: string, complain: Complain): PrivateService {
  return oneOf(name, PRIVATE_SERVICES, 'service', complain);
}

/** By id or alias. */
export function featureNamed(name: string, complain: Complain): Feature {
  const feature = findFeature(name);
  if (feature !== undefined) return feature;
  const ids = FEATURES.map(({ id }) => id).join(', ');
  throw complain(`there is no feature '${name}'.${didYouMean(name, featureNames())} Expected ${ids}.`);
}

function oneOf<T extends string>(name: string, known: readonly T[], what: string, complain: Complain): T {
  const found = known.find((one) => one.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw complain(`there is no ${what} '${name}'.${didYouMean(name, known)} Expected ${known.join(', ')}.`);
}
