/**
 * What a careful reviewer expects of one real file, written by hand from the template, the article and the documented
 * semantics of Azure Firewall. Nothing in this folder is copied from the tool's output.
 */
export interface Expectation {
  /** Below the corpus folder. */
  readonly file: string;
  readonly variants: readonly Variant[];
}

export type VerdictName = 'covered' | 'partial' | 'denied' | 'missing' | 'unknown';

export interface Variant {
  /** How the file is linted, as the rest of a sentence: "judged without any flag". */
  readonly name: string;
  readonly flags?: readonly string[];
  /** Values for a parameter file. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The file is a parameter file: the template that it is for, below the project. */
  readonly template?: string;
  /** A further file of the corpus, for --parameters. */
  readonly parameterFile?: string;
  /** Changes the text before it is read; the result must differ. */
  readonly edit?: (text: string) => string;
  readonly exit: 0 | 1 | 3;
  /** Must stand in what goes to standard error. */
  readonly says?: RegExp;
  /** Of the only run, as the report shows them; empty where none can be chosen. */
  readonly sources?: readonly string[];
  readonly region?: string;
  readonly cloud?: string;
  /** By destination on HTTPS 443, `destination PROTOCOL port`, or `id:` and a requirement's id. */
  readonly verdicts?: Readonly<Record<string, VerdictName>>;
  /** Every error, no more and no fewer; none by default. */
  readonly errors?: readonly ExpectedFinding[];
  /** Every warning, no more and no fewer; not compared where absent. */
  readonly warnings?: readonly ExpectedFinding[];
  /** Findings that must be among the others, of any level. */
  readonly among?: readonly ExpectedFinding[];
  /** No finding may be like this. */
  readonly never?: readonly Partial<ExpectedFinding>[];
}

export interface ExpectedFinding {
  /** Check id; several where more than one is a fair name for it. */
  readonly check: string | readonly string[];
  /** Stands in the message in quotes: a destination or the name of a rule. An expression is looked for as such. */
  readonly what: string | RegExp;
  /** Where: a pointer, or the beginning of one. */
  readonly at?: string;
}

export function finding(
  check: ExpectedFinding['check'],
  what: ExpectedFinding['what'],
  at?: string,
): ExpectedFinding {
  return at === undefined ? { check, what } : { check, what, at };
}

/** One finding of the same check per destination. */
export function each(
  check: ExpectedFinding['check'],
  whats: readonly ExpectedFinding['what'][],
  at?: string,
): ExpectedFinding[] {
  return whats.map((what) => finding(check, what, at));
}

/** The names that a public cluster in AzureCloud cannot do without, all HTTPS 443. */
export const CORE = [
  'mcr.microsoft.com',
  '*.data.mcr.microsoft.com',
  'management.azure.com',
  'login.microsoftonline.com',
  'packages.microsoft.com',
  'packages.aks.azure.com',
] as const;

/** The core names and the API server, all with one verdict. */
export function coreAll(verdict: VerdictName): Record<string, VerdictName> {
  return Object.fromEntries(['id:core/api-server', ...CORE].map((key) => [key, verdict]));
}

/** T07: recommended for Ubuntu nodes, over HTTP. */
export const UBUNTU = ['security.ubuntu.com', 'azure.archive.ubuntu.com', 'changelogs.ubuntu.com'] as const;

/** A service tag that only a feature could use that is off: needless, or for that feature; both are fair. */
export const NEEDLESS = ['unneeded-entry', 'feature-not-enabled'] as const;
