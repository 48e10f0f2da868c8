/**
 * What coverage tells the checks. A check sees a subject's closed facts, whose values are enumerated here, and fills its
 * message from the subject's data. src/checks validates conditions against these lists, so a typing error in a
 * condition is an error at load time.
 */
import type { Place } from '../model/place.ts';
import type { OpenFactsOf } from './open-facts.ts';

export const FACTS = {
  /** One destination of one requirement row, for one run. */
  requirement: {
    verdict: ['covered', 'partial', 'denied', 'missing', 'unknown'],
    applies: ['yes', 'unknown'],
    /** What its absence deserves: see Target.standing. */
    standing: ['required', 'recommended', 'documented'],
    works: ['yes', 'no-tls-inspection', 'unknown-tls-inspection', 'no-dns-proxy', 'unknown-dns-proxy'],
    how: ['none', 'exact', 'wildcard', 'fqdn-tag', 'service-tag', 'any', 'address', 'url'],
    /** Why the verdict is unknown. */
    doubt: [
      'none',
      /** A public address or foreign service tag may hold the name's address: only such rules could allow it. */
      'address-allow',
      /** A deny by public address comes before the rule that allows the name. */
      'address-deny',
      /** The contents of an FQDN tag are not published and this table is disputed. */
      'tag-contents',
      /** The rule names single hosts of a wildcard that stands for hosts only the user knows. */
      'which-host',
      'unresolved',
      'base-policy',
      'source',
      'opaque',
      /** Rules of equal priority decide it otherwise, and their order is not defined. */
      'tie',
    ],
    nearMiss: [
      'none',
      'port',
      'protocol',
      'source',
      'apex',
      'region',
      'cloud',
      'retired',
      'misspelled',
      'network-wildcard',
      'unsupported-wildcard',
      'url-path',
    ],
  },
  /** One destination × service cell of an allow rule whose sources can touch the cluster. */
  entry: {
    usage: ['required', 'declared', 'unneeded', 'redundant', 'shadowed', 'unknown'],
    /** The best reason that exists for it in the article. */
    need: ['active', 'inactive-feature', 'other-cloud', 'other-region', 'removable', 'none', 'unknown'],
    kind: [
      'name',
      'wildcard',
      'url',
      'fqdn-tag',
      'service-tag',
      'address',
      'any',
      'web-category',
      'unresolved',
      'invalid',
    ],
    stage: ['network', 'application', 'appliance'],
    /** How far each dimension reaches beyond the union of all needs it meets. */
    destinationBreadth: ['exact', 'wider', 'any'],
    portBreadth: ['exact', 'wider', 'any'],
    protocolBreadth: ['exact', 'wider'],
    form: [
      'ok',
      'unsupported-wildcard',
      'network-wildcard',
      'dotless-wildcard',
      'tag-as-name',
      'unknown-tag',
      'invalid-address',
    ],
    endpoint: [
      'ok',
      'retired',
      'wrong-cloud',
      'wrong-region',
      'misspelled',
      'apex',
      /** An address among those of a service tag, which does not hold it. */
      'stale',
    ],
    /** Usage of the rule that holds the entry: a rule that is reported as a whole is not reported entry by entry. */
    ruleUsage: ['used', 'shadowed', 'redundant', 'unknown'],
  },
  /** One rule in the order, allow or deny. */
  rule: {
    action: ['allow', 'deny', 'unknown'],
    scope: ['in', 'out', 'unknown'],
    /** shadowed: earlier rules decide all it could match; redundant: removing it changes nothing. */
    usage: ['used', 'shadowed', 'redundant', 'unknown'],
    sourceBreadth: ['exact', 'wider', 'any', 'unknown'],
    dnsProxy: ['not-needed', 'on', 'off', 'unknown'],
    /** Something that Azure does not accept, so that nothing of the group deploys. */
    invalid: ['no', 'yes'],
    ineffective: ['no', 'yes'],
    tier: ['ok', 'too-low', 'unknown'],
    unresolved: ['no', 'yes'],
    tie: ['no', 'yes'],
  },
  /** The leaf policy. */
  policy: {
    attached: ['yes', 'no', 'unknown'],
    /** none: no source could be chosen, so no requirement was judged. */
    sources: ['given', 'inferred', 'none'],
    rules: ['some', 'none', 'unknown'],
  },
  /** A cluster of the input, as the policy that serves it sees it. */
  cluster: {
    /** maybe-bypass: its outbound type leads past the firewall unless a route that is not in the input does otherwise. */
    outbound: ['firewall', 'bypass', 'maybe-bypass', 'none', 'unknown'],
    route: ['firewall', 'elsewhere', 'no-route-table', 'no-default-route', 'unknown'],
    dns: ['firewall', 'azure', 'other', 'unknown'],
    dnsProxy: ['on', 'off', 'unknown'],
    publicIp: ['no', 'yes', 'unknown'],
    securityRule: ['none', 'denies'],
    httpProxy: ['no', 'yes', 'unknown'],
    contradiction: ['no', 'yes'],
  },
  /** An endpoint that Azure lists for the cluster, where such a list was given. */
  endpoint: {
    /**
     * What the catalogue has of it. inactive: rows of what the cluster does not have; stale: what it does not need;
     * declared: nothing, but the configuration allows it.
     */
    catalogue: ['known', 'unlisted', 'inactive', 'stale', 'declared'],
    verdict: ['covered', 'partial', 'denied', 'missing', 'unknown'],
    works: ['yes', 'no-tls-inspection', 'unknown-tls-inspection', 'no-dns-proxy', 'unknown-dns-proxy'],
  },
} as const;

export type TargetKind = keyof typeof FACTS;

/**
 * A subject is a whole, or a part of one that deserves a place and words of its own. A check names the part that it
 * judges; without one it judges wholes.
 */
export const PARTS = {
  requirement: [],
  /** A service of the rule that is wider than the needs of its destinations. */
  entry: ['service'],
  rule: [
    /** The sources of an allow rule. */
    'sources',
    /** A name in a network rule. */
    'dns-proxy',
    /** Each value that Azure does not accept, … */
    'invalid',
    /** …each field that it ignores, … */
    'ineffective',
    /** …each feature that has a tier, … */
    'tier',
    /** …each value that is not known. */
    'unresolved',
    /** Two collections or groups of equal priority; no rule in particular. */
    'tie',
  ],
  policy: [],
  cluster: [
    /** The default route of a node subnet. */
    'route',
    /** The DNS servers of the virtual network. */
    'dns',
    /** A node pool with public addresses. */
    'node-pool',
    /** A rule of a network security group of a node subnet. */
    'security-rule',
    /** The proxy that nodes and pods use. */
    'http-proxy',
    /** A fact that flags or configuration say otherwise. */
    'contradiction',
  ],
  endpoint: [],
} as const satisfies Record<TargetKind, readonly string[]>;

export type Part = (typeof PARTS)[TargetKind][number];

/** The closed facts of one target kind. */
export type FactsOf<K extends TargetKind> = {
  readonly [F in keyof (typeof FACTS)[K]]: (typeof FACTS)[K][F] extends readonly (infer V)[] ? V : never;
};

/** What a check judges: one requirement destination, entry, rule or policy of one run. */
export interface Subject<K extends TargetKind = TargetKind> {
  readonly target: K;
  /** Undefined for a whole. */
  readonly part?: Part;
  readonly facts: FactsOf<K>;
  /** Equal for subjects of one kind with equal facts. */
  readonly class: number;
  /** What it is in the words of the files; undefined where it is about no rule in particular. */
  readonly open?: OpenFactsOf<K>;
  /** Strings for message templates; every key of DATA[target] is present, '' where it has no value. */
  readonly data: Readonly<Record<string, string>>;
  /** Identity within the run without lines: requirement id + destination, or rule id + destination + service. */
  readonly identity: string;
  /** Requirement id, or null. */
  readonly requirement: string | null;
  /** Entry id, or null. */
  readonly entry: string | null;
  /** Id of the rule that an entry or rule subject is about. */
  readonly rule?: string;
  /** The smallest token that the finding is about. */
  readonly place: Place;
  /** Other places a reader wants: the rule that denies, the near miss, the duplicate. Text is a short clause. */
  readonly related: readonly { readonly text: string; readonly place: Place }[];
}

/**
 * Message data per target, so that a template with an unknown name fails at load time.
 * `service` reads like "HTTPS 443" or "UDP 1194". Rule names (`rule`, `by`, `other`) come quoted, as the file writes them:
 * 'allow-aks', 'allow-ntp'. `destination` and `policy` come bare, since the templates quote them.
 */
export const DATA = {
  requirement: [
    'destination',
    'service',
    'feature',
    /** What AKS needs it for, a short clause. */
    'purpose',
    /** Why the row applies, or what would decide it. */
    'why',
    /** What the user can supply so that an unknown becomes a verdict; a clause in the imperative. */
    'supply',
    /** A finished sentence about the rule that came closest and the one thing wrong with it; '' where none is close. */
    'nearMiss',
    /** The rule(s) that allow or deny, quoted. */
    'rule',
    /** The part that is not covered: source CIDRs, names or ports. */
    'remainder',
    /** The rule that denies the remainder, quoted; '' where nothing but the default does. */
    'denier',
    /** Addresses of the destination that the rules leave out, a finished sentence; '' where no list of service tags tells. */
    'leftOut',
    /** What is known of an error in the article for this destination; '' where the article is right. */
    'correction',
    /** Why another row makes this one unnecessary, a clause; '' where none does. */
    'otherwise',
    'sources',
    /** All alternatives of an anyOf row, quoted and joined with "or"; '' for other rows. */
    'alternatives',
  ],
  entry: [
    'destination',
    'service',
    'rule',
    /** The needs that the entry meets, as quoted destinations, joined; '' where none. */
    'needed',
    /** What it reaches beyond that, a clause: "all 65,535 ports where 443 is needed". */
    'excess',
    /** Rules that make it redundant or shadowed, quoted. */
    'by',
    /** The feature, cloud or region that it belongs to. */
    'belongs',
    /** What to write instead or, for an apex, in addition, quoted: "'*.vault.azure.net'"; '' where nothing is known. */
    'instead',
    /** Evidence or reason, a finished sentence; '' where none. */
    'evidence',
  ],
  rule: [
    'rule',
    'sources',
    'excess',
    'by',
    'field',
    /** The tier of the policy: Basic. */
    'tier',
    /** Feature and the tier that it needs: "TLS inspection (Premium)". */
    'needs',
    'reason',
    'supply',
    'priority',
    'other',
  ],
  policy: ['policy', 'candidates', 'reason', 'supply'],
  cluster: [
    'cluster',
    'policy',
    /** As Azure names it: loadBalancer. */
    'outboundType',
    'subnet',
    /** Where the default route leads, a clause. */
    'hop',
    /** DNS servers, quoted and joined. */
    'servers',
    'pool',
    'group',
    'rule',
    'proxy',
    /** For which address of the proxy rules are judged, or how to give it: a clause. */
    'judged',
    /** What was said, what the input shows: clauses. */
    'said',
    'shown',
    /** Who said it: "the flags", "the configuration". */
    'by',
  ],
  endpoint: [
    'destination',
    'service',
    /** As the list groups its endpoints: "images". */
    'category',
    /** What the list says of it; '' where it says nothing. */
    'description',
    /** Why the catalogue's row does not apply, a clause; '' where it has none. */
    'why',
    /** What is known of it, a finished sentence; '' where nothing is. */
    'evidence',
    'supply',
    'rule',
    'nearMiss',
    'leftOut',
  ],
} as const satisfies Record<TargetKind, readonly string[]>;
