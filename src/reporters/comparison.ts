import { outcomeOf, type Outcome } from './feature-counts.ts';
import type { Finding, Report, Run } from './report.ts';

/** What differs between two reports on one thing, such as the two sides of a pull request. */
export interface Comparison {
  /** What the report is compared with, in a word or two: "main (1a2b3c4)". */
  readonly base: string;
  readonly outcomes: readonly OutcomeChange[];
  /** Findings that are open now and were not before. */
  readonly introduced: readonly Finding[];
  /** Findings that were open before and are gone. */
  readonly fixed: readonly Finding[];
  /** How many findings were open before and are suppressed now. */
  readonly accepted: number;
}

/** One destination of a requirement whose outcome is another one. Undefined: the requirement is not judged there. */
export interface OutcomeChange {
  readonly policy: string;
  readonly cluster: string | null;
  readonly feature: string;
  readonly destination: string;
  readonly protocol: string;
  readonly port: number;
  readonly before: Outcome | undefined;
  readonly after: Outcome | undefined;
}

export function compareReports(base: string, before: Report, after: Report): Comparison {
  const wasOpen = openFindings(before);
  const isOpen = openFindings(after);
  const isThere = new Set(after.findings.map(({ fingerprint }) => fingerprint));
  const closed = [...wasOpen.values()].filter(({ fingerprint }) => !isOpen.has(fingerprint));
  return {
    base,
    outcomes: changesOf(before, after),
    introduced: [...isOpen.values()].filter(({ fingerprint }) => !wasOpen.has(fingerprint)),
    fixed: closed.filter(({ fingerprint }) => !isThere.has(fingerprint)),
    accepted: closed.filter(({ fingerprint }) => isThere.has(fingerprint)).length,
  };
}

/** Whether anything differs that a reader of a pull request should know. */
export function hasChanges({ outcomes, introduced, fixed, accepted }: Comparison): boolean {
  return outcomes.length + introduced.length + fixed.length + accepted > 0;
}

/** The cluster loses by it: something was met, or was not judged, and now is not met. */
export function isWorse({ before, after }: OutcomeChange): boolean {
  return after !== undefined && after !== 'covered' && (before === undefined || before === 'covered');
}

function openFindings({ findings }: Report): Map<string, Finding> {
  return new Map(findings.filter(({ suppressed }) => !suppressed).map((one) => [one.fingerprint, one]));
}

function changesOf(before: Report, after: Report): OutcomeChange[] {
  const old = rowsByKey(before);
  const current = rowsByKey(after);
  const keys = new Set([...current.keys(), ...old.keys()]);
  return [...keys].flatMap((key) => {
    const [was, is] = [old.get(key), current.get(key)];
    const row = is ?? was;
    if (row === undefined || was?.outcome === is?.outcome) return [];
    const { policy, cluster, feature, destination, protocol, port } = row;
    return [
      {
        policy,
        cluster,
        feature,
        destination,
        protocol,
        port,
        before: was?.outcome,
        after: is?.outcome,
      },
    ];
  });
}

type Row = Omit<OutcomeChange, 'before' | 'after'> & { readonly outcome: Outcome };

/** Where one policy has several networks that look like a cluster's, the first run of each name is the first again. */
function rowsByKey({ runs }: Report): Map<string, Row> {
  const counts = new Map<string, number>();
  const rows = new Map<string, Row>();
  for (const run of runs) {
    const name = `${run.policy}\n${run.cluster ?? ''}`;
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    for (const [key, row] of rowsOf(run)) rows.set(`${name}\n${count}\n${key}`, row);
  }
  return rows;
}

function rowsOf({ policy, cluster, requirements }: Run): [string, Row][] {
  return requirements
    .filter(({ applies, isDocumentedOnly = false }) => applies !== 'no' && !isDocumentedOnly)
    .map((row) => {
      const { id, feature, destination, protocol, port } = row;
      const key = [id, destination, protocol, port].join('\n');
      return [key, { policy, cluster, feature, destination, protocol, port, outcome: outcomeOf(row) }];
    });
}
