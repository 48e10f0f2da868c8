import type { CheckDoc, Level } from '../checks/check.ts';
import type { Cloud } from '../model/policy.ts';
import type { Comparison } from './comparison.ts';

export type { CheckDoc, Level };

/** Contract of `--format json` and the only thing reporters see. Schema: schemas/report.schema.json. */

/** A place with lines; one-based, columns in UTF-16 code units, end exclusive. */
export interface Location {
  readonly path: string;
  readonly pointer: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What a tool calls the part of the file, such as Terraform's address of a resource. */
  readonly address?: string;
}

export interface Finding {
  readonly check: string;
  readonly level: Level;
  readonly message: string;
  /** What it is about in a few words, for lists of several findings: "mcr.microsoft.com HTTPS 443". Not in the JSON. */
  readonly item?: string;
  /** Index into `runs`. */
  readonly run: number;
  /** Names of the clusters that it concerns; absent where they have none. */
  readonly clusters?: readonly string[];
  readonly requirement: string | null;
  readonly entry: string | null;
  readonly location: Location;
  readonly related: readonly { readonly text: string; readonly location: Location }[];
  /** From check + identity, never from lines. */
  readonly fingerprint: string;
  readonly suppressed: boolean;
  /** Why it is suppressed; absent where it is not. */
  readonly suppression?: Suppression;
}

export interface Suppression {
  /** config: by the configuration; inline: by a comment or description; baseline: known before. */
  readonly kind: 'config' | 'inline' | 'baseline';
  readonly reason: string;
  /** The last day, `YYYY-MM-DD`. */
  readonly until?: string;
}

/** Where a fact came from. */
export interface ReportOrigin {
  readonly from: 'flag' | 'config' | 'inferred' | 'default';
  readonly path?: string;
  readonly pointer?: string;
}

/** A profile fact and where it came from. */
export interface ReportFact extends ReportOrigin {
  readonly value: string | boolean | readonly string[];
  /** Of a list of what is on: each thing that may be in it. */
  readonly members?: Readonly<Record<string, ReportOrigin & { readonly value: boolean | 'unknown' }>>;
}

export interface RequirementRow {
  readonly id: string;
  readonly row?: string;
  readonly feature: string;
  readonly necessity: 'required' | 'recommended' | 'conditional';
  readonly applies: 'yes' | 'no' | 'unknown';
  readonly destination: string;
  readonly protocol: string;
  readonly port: number;
  readonly verdict: 'covered' | 'partial' | 'denied' | 'missing' | 'unknown';
  readonly works: boolean;
  readonly how: string;
  readonly coveredBy: readonly string[];
  /**
   * Address blocks of the destination that are not allowed though others of it are, all of them; absent where there are none
   * or no list of service tags tells.
   */
  readonly leftOut?: readonly string[];
  /** Why the verdict is unknown and what to supply, or the near miss; '' where there is nothing to say. */
  readonly note: string;
  /** The article prints it, and no cluster needs it as printed. Not in the JSON. */
  readonly isDocumentedOnly?: boolean;
}

export interface Run {
  readonly policy: string;
  readonly cluster: string | null;
  readonly cloud: Cloud;
  /** As judged: `['10.240.0.0/22']`, symbols shown as written; empty where no source was found. */
  readonly sources: readonly string[];
  /** How the sources were found: given by flag or config, inferred from the rules, or none. */
  readonly sourcesFrom: 'flag' | 'config' | 'inferred' | 'none';
  /** The region that was judged, and how it was found. */
  readonly region: string;
  readonly profile: Readonly<Record<string, ReportFact>>;
  readonly summary: { covered: number; partial: number; denied: number; missing: number; unknown: number };
  readonly requirements: readonly RequirementRow[];
}

export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'aks-egress-lint'; readonly version: string };
  readonly inputs: readonly {
    readonly path: string;
    readonly format: string;
    readonly rules: number;
    readonly unresolved: number;
  }[];
  readonly runs: readonly Run[];
  readonly summary: { error: number; warning: number; note: number; suppressed: number };
  readonly findings: readonly Finding[];
  /** Things worth saying that are no findings: the assumed region, several candidates, skipped files. */
  readonly notices: readonly string[];
  /** Where a report draws. Not in the JSON. */
  readonly drawing?: Drawing;
}

/** What drawings show beside the findings. */
export interface Drawing {
  /** As many as the report has runs. */
  readonly runs: readonly DrawnRun[];
  readonly breadth: readonly Breadth[];
}

export interface DrawnRun {
  /** The rules that can touch the cluster, in the order in which they are evaluated. */
  readonly rules: readonly DrawnRule[];
  /** Of each requirement that applies or may apply, in the order of the run's. */
  readonly paths: readonly FlowPath[];
}

export interface DrawnRule {
  readonly name: string;
  readonly collection: string;
  /** Rule collection group; the empty string where there is none. */
  readonly group: string;
  readonly stage: string;
  readonly action: 'allow' | 'deny' | 'unknown';
  /** Why nothing is known of the rules at this place; absent for a rule that is known. */
  readonly opaque?: string;
  readonly location: Location;
}

/** The way of one flow through the rules. */
export interface FlowPath {
  /** Rules that decide a part of it, or may, in the order in which they are evaluated. */
  readonly steps: readonly {
    /** Index into the run's rules. */
    readonly rule: number;
    readonly action: 'allow' | 'deny';
    readonly isCertain: boolean;
  }[];
  /** Whether some of it comes to the end of the rules, where it is denied. */
  readonly reachesEnd: boolean;
}

/** One dimension in which an entry or rule opens more than is needed. */
export interface Breadth {
  readonly policy: string;
  readonly rule: string;
  readonly dimension: 'destinations' | 'ports' | 'protocols' | 'sources';
  /** What is wide, as it is written: "*.mcr.microsoft.com", "1-65535". */
  readonly text: string;
  /** How many hosts, addresses, ports or protocols are needed, and how many are open; undefined for nobody knows how many. */
  readonly needed: number;
  readonly open: number | undefined;
  /** What that comes to, a clause: "every host under '*.mcr.microsoft.com'". */
  readonly excess: string;
  readonly location: Location;
}

/** What a reporter needs beside the report: source lines to quote and the checks' documentation. */
export interface ReportContext {
  /** Text of an input by path, a byte order mark included; undefined where it is not available. */
  readonly textOf: (path: string) => string | undefined;
  /** URI of an input by path, relative to the root of the repository: see uri.ts. */
  readonly uriOf: (path: string) => string;
  /** Every enabled check, whether it found something or not. */
  readonly checks: readonly CheckDoc[];
  /** SARIF: write suppressed results too, marked as such. Code scanning would open them as alerts. Default false. */
  readonly includeSuppressed?: boolean;
  /** Address on the web of a place, for reports that link to lines; undefined where it has none. */
  readonly urlOf?: (location: Location) => string | undefined;
  /** What differs from another state of the files, for reports that show it. */
  readonly comparison?: Comparison;
  readonly color: boolean;
  /** Terminal columns; 0 where there is no terminal. */
  readonly width: number;
}
