import type { Conditions } from '../conditions/grammar.ts';
import type { Cloud, Protocol } from '../model/policy.ts';

/** Contract of rules/requirements/*.json after loading, filling and judging applicability for one profile. */

export type Necessity = 'required' | 'recommended' | 'conditional';

/** One destination that a requirement names. */
export interface Target {
  /** As it must be allowed, region filled: `*.hcp.westeurope.azmk8s.io`, `AzureCloud.westeurope`, `*`, `203.0.113.7`. */
  readonly destination: string;
  readonly kind: 'name' | 'service-tag' | 'any' | 'address' | 'unknown-address';
  /**
   * What its absence deserves. `required`: a cluster breaks. `recommended`: it lives, worse. `documented`: the article
   * prints it, evidence says it is not needed, or another row satisfies it. The correction says which.
   */
  readonly standing: 'required' | 'recommended' | 'documented';
  /** The article prints it in place of what the row needs. */
  readonly printedOnly?: true;
  /** The wildcard stands for one or few hosts of this cluster or workspace: a rule naming them exactly may be right. */
  readonly standsForHosts: boolean;
  /** What is known about an error of the article here; a finished sentence. */
  readonly correction?: string;
  /** For `address`: the API server's, which the AzureCloud tag of its region holds. */
  readonly isApiServer?: true;
  /** For `unknown-address`: what the user can supply. */
  readonly supply?: string;
}

/** What is known about an error of the article, and the evidence. */
export interface Correction {
  readonly destinations: readonly string[];
  /** As in Target; `replaced`: the printed value is no host that anything could need. */
  readonly standing: Target['standing'] | 'replaced';
  /** When it holds; always where absent. */
  readonly condition?: Conditions;
  /** A finished sentence with its source. */
  readonly evidence: string;
  readonly replacement?: string;
}

/** One row of the data, for one profile. */
export interface Requirement {
  /** Stable, unique within a cloud: `core/mcr`. */
  readonly id: string;
  /** `T02.02`; absent for rows of other sources than the article. */
  readonly row?: string;
  readonly feature: string;
  readonly cloud: Cloud;
  readonly necessity: Necessity;
  readonly applies: 'yes' | 'no' | 'unknown';
  /** One clause from the results of the row's condition: "cluster is private". */
  readonly why: string;
  /** Where applies is unknown: which fact to give and how, in the imperative. */
  readonly supply?: string;
  /** `all`: every target must be allowed; `any`: one of them. */
  readonly mode: 'all' | 'any';
  readonly targets: readonly Target[];
  /** HTTP, HTTPS, TCP or UDP. */
  readonly protocol: Protocol;
  readonly port: number;
  readonly purpose: string;
  /** Whose traffic it is: every node's, one kind's, that of pods with subnets of their own, or all of it. */
  readonly pools: 'all' | 'nodes' | 'linux' | 'windows' | 'gpu' | 'pods';
  /** Rows with the same group satisfy each other: with one covered, the others' absence is a note (T13 and T14–T16). */
  readonly alternativeGroup?: string;
  /** A finding of this row shows that a rule is meant for a cluster: API server, AKS packages, tunnel. */
  readonly identifiesCluster: boolean;
  /** As the article prints them, where a correction changes them or what they deserve. */
  readonly documentedDestinations?: readonly string[];
  readonly corrections?: readonly Correction[];
  /** What else a reader of the row should know; finished sentences. */
  readonly note?: string;
  readonly source: {
    readonly document: string;
    readonly url: string;
    readonly table?: string;
    readonly read: string;
  };
  readonly since?: string;
  readonly until?: string;
}
