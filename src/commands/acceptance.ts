import type { Baseline } from '../config/baseline.ts';
import { inlineSuppressions } from '../config/inline-suppressions.ts';
import type { Suppressible, SuppressedBy, Suppression } from '../config/suppression.ts';
import { Suppressor } from '../config/suppressor.ts';
import type { Remark } from '../model/remark.ts';
import type { Acceptance, FindingIdentity } from './findings.ts';

/** A baseline file and what the run does with it. */
export interface BaselineUse {
  /** read: what it holds does not count; prune: besides, what no longer occurs leaves it; write: it is made anew. */
  readonly mode: 'read' | 'prune' | 'write';
  readonly path: string;
  readonly baseline: Baseline;
}

export interface AcceptanceRequest {
  readonly suppressions: readonly Suppression[];
  readonly checks: readonly string[];
  /** Checks whose findings always count. */
  readonly notSuppressible: readonly string[];
  readonly baseline: BaselineUse | undefined;
  /** `YYYY-MM-DD` */
  readonly today: string;
}

/** What people have accepted: suppressions of configuration and inputs first, then the baseline. */
export class AcceptedFindings implements Acceptance {
  readonly #request: AcceptanceRequest;
  readonly #suppressor: Suppressor;
  readonly #problems: readonly string[];

  constructor(request: AcceptanceRequest, remarks: readonly Remark[]) {
    const inline = inlineSuppressions(remarks, request);
    this.#request = request;
    this.#problems = inline.problems;
    this.#suppressor = new Suppressor([...request.suppressions, ...inline.suppressions], request.today);
  }

  of(finding: Suppressible, identity: FindingIdentity): SuppressedBy | undefined {
    const { notSuppressible, baseline } = this.#request;
    if (notSuppressible.includes(finding.check)) return undefined;
    const suppressed = this.#suppressor.suppress(finding);
    if (suppressed !== undefined || baseline === undefined) return suppressed;
    const reason = `It is in the baseline ${baseline.path}.`;
    if (baseline.mode === 'write') baseline.baseline.add(identity);
    else if (!baseline.baseline.knows(identity)) return undefined;
    return { kind: 'baseline', reason };
  }

  /** What may be left out of a short report; finished sentences. */
  notices(paths: readonly string[]): string[] {
    return [...this.#problems, ...this.#suppressor.unused(paths)];
  }

  /**
   * What is always said; finished sentences.
   * @param policies names of those that were judged
   */
  lastingNotices(policies: ReadonlySet<string>): string[] {
    return [...this.#suppressor.lapsed(), ...this.#aboutBaseline(policies)];
  }

  #aboutBaseline(policies: ReadonlySet<string>): string[] {
    const { baseline: use } = this.#request;
    if (use === undefined) return [];
    const { present, gone } = use.baseline.counts(policies);
    const held = `${use.path}: ${present} in the baseline`;
    switch (use.mode) {
      case 'write':
        return [`${held}, which was written.`];
      case 'prune':
        return [`${held}, ${gone} no longer ${occur(gone)} and ${gone === 1 ? 'was' : 'were'} removed.`];
      case 'read': {
        const advice = gone === 0 ? '' : ` --prune-baseline removes ${gone === 1 ? 'it' : 'them'}.`;
        return [`${held}, ${gone} no longer ${occur(gone)}.${advice}`];
      }
    }
  }
}

function occur(count: number): string {
  return count === 1 ? 'occurs' : 'occur';
}
