import { UsageError } from '../errors.ts';
import type { FactName } from './facts.ts';
import { factsOfFeature } from './features.ts';
import { cloudName, featureNamed, profileName } from './names.ts';
import type { ProfileFact, ProfilePart } from './profile.ts';

export interface ProfileFlags {
  readonly profile?: string | undefined;
  readonly cloud?: string | undefined;
  readonly region?: string | undefined;
  /** Values may hold several names, separated by commas. */
  readonly features?: readonly string[];
}

/** @throws {UsageError} for an unknown name, with what is known */
export function profileFromFlags(flags: ProfileFlags): ProfilePart {
  const error = (flag: string) => (message: string) => new UsageError(`${flag}: ${message}`);
  const facts = new Map<FactName, ProfileFact>();
  if (flags.cloud !== undefined) {
    facts.set('cloud', { value: cloudName(flags.cloud, error('--cloud')), from: 'flag' });
  }
  const names = (flags.features ?? []).flatMap((value) => value.split(',')).map((name) => name.trim());
  for (const name of names) {
    for (const fact of factsOfFeature(featureNamed(name, error('--feature'))))
      facts.set(fact, { value: true, from: 'flag' });
  }
  return {
    ...(flags.profile === undefined
      ? {}
      : { base: { value: profileName(flags.profile, error('--profile')), from: 'flag' } }),
    facts,
    ...(flags.region === undefined ? {} : { region: { value: flags.region, from: 'flag' } }),
  };
}
