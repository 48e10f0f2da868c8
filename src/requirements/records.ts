import files from '../../rules/requirements?directory';
import type { Conditions } from '../conditions/grammar.ts';
import type { Cloud } from '../model/policy.ts';
import type { Correction, Necessity, Requirement } from './requirement.ts';

/** rules/requirements/*.json as written; schemas/requirement.schema.json is their form, which the tests prove. */
export interface RequirementRecord {
  readonly id: string;
  /** `T02.02`: table and row of the article; absent for rows of other sources. */
  readonly row?: string;
  readonly feature: string;
  readonly clouds: readonly Cloud[];
  readonly necessity: Necessity;
  readonly destinations?: readonly string[];
  readonly anyOf?: readonly string[];
  readonly documentedDestinations?: readonly string[];
  readonly standsForHosts?: readonly string[];
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'UDP';
  readonly port: number;
  readonly purpose: string;
  readonly condition: Conditions;
  readonly pools?: Requirement['pools'];
  readonly alternativeGroup?: string;
  readonly identifiesCluster?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly corrections?: readonly Correction[];
  readonly note?: string;
  /** A key of sources.json. */
  readonly source: string;
}

export interface SourceDocument {
  readonly document: string;
  readonly url: string;
  /** ISO date on which it was read. */
  readonly read: string;
  /** Headings by the number that `row` begins with. */
  readonly tables?: Readonly<Record<string, string>>;
}

/** Something that the article says beside its tables. */
export interface RequirementNote {
  readonly id: string;
  readonly topic: 'endpoint' | 'api-server' | 'tls' | 'scope' | 'feature';
  readonly destinations?: readonly string[];
  readonly safeToBlock?: boolean;
  readonly text: string;
  readonly source: string;
}

interface RequirementFile {
  readonly requirements: readonly RequirementRecord[];
}
interface SourceFile {
  readonly sources: Readonly<Record<string, SourceDocument>>;
}
interface NoteFile {
  readonly notes: readonly RequirementNote[];
}

const has = (file: unknown, key: string): boolean =>
  typeof file === 'object' && file !== null && Object.hasOwn(file, key);
const isRequirementFile = (file: unknown): file is RequirementFile => has(file, 'requirements');
const isSourceFile = (file: unknown): file is SourceFile => has(file, 'sources');
const isNoteFile = (file: unknown): file is NoteFile => has(file, 'notes');

/** Every record, by file and in order of writing. */
export const RECORDS: readonly RequirementRecord[] = files
  .filter(isRequirementFile)
  .flatMap(({ requirements }) => requirements);

export const NOTES: readonly RequirementNote[] = files.filter(isNoteFile).flatMap(({ notes }) => notes);

const SOURCES: ReadonlyMap<string, SourceDocument> = new Map(
  files.filter(isSourceFile).flatMap(({ sources }) => Object.entries(sources)),
);

export function sourceOf(record: Pick<RequirementRecord, 'source' | 'row'>): Requirement['source'] {
  const source = SOURCES.get(record.source);
  if (source === undefined) throw new Error(`rules/requirements names an unknown source: ${record.source}`);
  const { document, url, read, tables } = source;
  const table = tables?.[record.row?.slice(0, 3) ?? ''];
  return { document, url, read, ...(table === undefined ? {} : { table }) };
}

/** The day on which the newest source was read: what the data describes where nobody names another day. */
export function dateOfData(): string {
  return [...SOURCES.values()].reduce((latest, { read }) => (read > latest ? read : latest), '');
}
