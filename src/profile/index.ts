export { profileFromConfig, type ConfigPlace } from './config.ts';
export { type ProfileFlags } from './flags.ts';
export { didYouMean, editDistance, nearest } from './did-you-mean.ts';
export { CLOUDS, PRIVATE_SERVICES, UPGRADE_CHANNELS, type FactName } from './facts.ts';
export { factsOfFeature, FEATURES, featureTitle, findFeature, type Feature } from './features.ts';
export {
  POOLS,
  PROFILE_NAMES,
  profileForReport,
  sourcesFor,
  type OpenFact,
  type Origin,
  type Pool,
  type Profile,
  type ProfileFact,
  type ProfileName,
  type ProfilePart,
  type Sources,
} from './profile.ts';
export { resolveProfile, type ProfileInput } from './resolve.ts';
export { settleSources, sourcesFromConfig, sourcesFromFlags } from './sources.ts';
