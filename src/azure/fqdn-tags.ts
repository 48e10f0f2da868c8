import data from '../../rules/azure/fqdn-tags.json' with { type: 'json' };
import { nameContains } from '../model/name.ts';

export interface TagContents {
  readonly holds: 'yes' | 'maybe' | 'no';
  /** A finished sentence. */
  readonly evidence: string;
}

interface ContentsEntry {
  readonly tag: string;
  readonly tables?: readonly string[];
  readonly features?: readonly string[];
  readonly hosts?: readonly string[];
  readonly holds: string;
  readonly evidence: string;
}

const CONTENTS: readonly ContentsEntry[] = data.contents;

/** The tag's name as Azure writes it; undefined for a name that is no FQDN tag. Compared without case. */
export function fqdnTag(name: string): string | undefined {
  return data.tags.find((tag) => tag.toLowerCase() === name.toLowerCase());
}

/** Every FQDN tag that Azure Firewall knew when the data was read. */
export function fqdnTags(): readonly string[] {
  return data.tags;
}

/** What a host is known by: itself and the row of the article that lists it. */
export interface TaggedHost {
  /** A host or pattern, lower case, its region filled or not. */
  readonly pattern: string;
  /** `T02.02`, where the article lists it. */
  readonly row?: string | undefined;
  readonly feature?: string | undefined;
}

/**
 * Does an FQDN tag hold a host of a requirement? Contents are not published: what is known is which tables of the article the
 * tag covers, and single hosts. A host that nothing is known about is not held.
 */
export function fqdnTagHolds(tag: string, { pattern, row, feature }: TaggedHost): TagContents {
  const known = CONTENTS.filter((one) => one.tag.toLowerCase() === tag.toLowerCase());
  const entry =
    known.find(({ hosts }) => hosts?.some((host) => nameContains(host, pattern))) ??
    known.find(({ tables }) => row !== undefined && tables?.includes(row.slice(0, 3))) ??
    known.find(({ features }) => feature !== undefined && features?.includes(feature));
  if (entry === undefined) return { holds: 'no', evidence: `No source says that ${tag} holds ${pattern}.` };
  const holds = entry.holds === 'yes' || entry.holds === 'maybe' ? entry.holds : 'no';
  return { holds, evidence: entry.evidence };
}
