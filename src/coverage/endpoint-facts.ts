import type { Cloud } from '../model/policy.ts';

/** What the dated facts know about host names as such; made in knowledge.ts for one cloud. */
export interface EndpointFacts {
  readonly cloud: Cloud;
  /** Lower-case names of every region of the cloud. */
  readonly regions: ReadonlySet<string>;
  /** A host that Microsoft no longer serves. */
  retired(pattern: string): { readonly evidence: string; readonly replacement: string } | undefined;
  /** A literal address that stood for a name once. */
  retiredAddress(text: string): { readonly was: string; readonly evidence: string } | undefined;
  /** The region that the suffix of an AzureCloud tag means: `centralfrance` is francecentral. */
  regionOfTag(suffix: string): string;
  /** …and back. */
  tagOfRegion(region: string): string;
  /** A host of another cloud, with its counterpart in this one ('' where there is none). */
  otherCloud(pattern: string): { readonly cloud: Cloud; readonly counterpart: string } | undefined;
  /** Is this a service tag that the data holds? Takes `Tag` and `Tag.Region`. */
  knowsServiceTag(tag: string): boolean;
  /** Certainly none; a tag that is newer than the data may be one. */
  isNoServiceTag(tag: string): boolean;
  /** The tag that was meant by one with a region that the given list of service tags spells otherwise. */
  meantServiceTag?(tag: string): string | undefined;
  isNoFqdnTag(tag: string): boolean;
  knowsFqdnTag(tag: string): boolean;
}

/** The pattern with each known region label replaced, to compare hosts of different regions. */
export function withoutRegion(pattern: string, regions: ReadonlySet<string>): string {
  return pattern
    .split('.')
    .map((label) => (regions.has(label) ? '<region>' : label))
    .join('.');
}

/** The first known region among the labels. */
export function regionIn(pattern: string, regions: ReadonlySet<string>): string | undefined {
  return pattern.split('.').find((label) => regions.has(label));
}
