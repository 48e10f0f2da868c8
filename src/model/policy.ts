import type { InputFormat } from './format.ts';
import type { NameShape } from './name-shape.ts';
import type { Place } from './place.ts';
import type { Unknown } from './symbol.ts';

/**
 * The vendor-independent model. A parser fills it; everything after the parsers reads only this.
 * Names follow Azure Firewall Policy where the vendors differ.
 */

export type Cloud = 'AzureCloud' | 'AzureChinaCloud' | 'AzureUSGovernment';

/** An IPv4 or IPv6 interval, both ends included. IPv4 addresses are unsigned 32-bit numbers. */
export type IpRange =
  | { readonly version: 4; readonly from: number; readonly to: number }
  | { readonly version: 6; readonly from: bigint; readonly to: bigint };

/** One member of a source or destination list that is about addresses. `text` is as written. */
export type Address =
  | { readonly kind: 'any'; readonly text: string; readonly place: Place }
  | { readonly kind: 'range'; readonly range: IpRange; readonly text: string; readonly place: Place }
  | { readonly kind: 'service-tag'; readonly tag: string; readonly text: string; readonly place: Place }
  /** Unresolved, equal to itself: `symbol` (see symbol.ts) may stand for one or several addresses or tags. */
  | {
      readonly kind: 'symbol';
      readonly symbol: string;
      readonly text: string;
      readonly place: Place;
      readonly unknown: Unknown;
    }
  /** Not decidable at all and not equal to anything, such as a Kubernetes selector group. */
  | { readonly kind: 'opaque'; readonly text: string; readonly place: Place; readonly unknown: Unknown }
  /** Nothing Azure would accept, such as 10.1.2.300: it matches nothing. */
  | { readonly kind: 'invalid'; readonly text: string; readonly place: Place; readonly problem: string };

export type Destination =
  | Address
  /**
   * A host name or pattern, lower case, possibly with symbols inside. `*` first is the only wildcard that matches.
   * `url` carries the path of a targetUrls member ('' or '/…').
   * An appliance's pattern (`via` 'appliance') may have a `shape` of its own: then `pattern` only bounds it. `unknown` is
   * set where it is not known whether the appliance recognises the name at all; `sent` where it goes by the name that the
   * client sends, so that no connection to a mere address is one to the name.
   */
  | {
      readonly kind: 'name';
      readonly pattern: string;
      readonly via: 'fqdn' | 'url' | 'network-fqdn' | 'appliance';
      readonly url?: string;
      readonly shape?: NameShape;
      readonly unknown?: Unknown;
      readonly sent?: true;
      readonly text: string;
      readonly place: Place;
    }
  | { readonly kind: 'fqdn-tag'; readonly tag: string; readonly text: string; readonly place: Place }
  | { readonly kind: 'web-category'; readonly text: string; readonly place: Place };

/** What a rule writes. `Any` with explicit ports means TCP and UDP; with all ports, every IP protocol. */
export type Protocol = 'TCP' | 'UDP' | 'ICMP' | 'Any' | 'HTTP' | 'HTTPS' | 'MSSQL';

export interface Service {
  readonly protocol: Protocol | 'unknown';
  /** Both ends included, 0–65535. Where unknown, 0 and 65535. */
  readonly from: number;
  readonly to: number;
  /** False where the ports could not be evaluated. */
  readonly portsKnown: boolean;
  /** As written, for messages: "TCP 443", "Https:443", "Any *". */
  readonly text: string;
  readonly protocolPlace: Place;
  readonly portPlace: Place;
  readonly unknown?: Unknown;
  /** An application or site brings it along: nobody wrote it. */
  readonly implied?: true;
}

/** Azure Firewall has two, network rules before application rules; an appliance has one list for all traffic. */
export type Stage = AzureStage | 'appliance';
export type AzureStage = 'network' | 'application';

/** Something in a rule that Azure does not accept; `problem` is a clause: "expected TCP or UDP, found 'SCTP'". */
export interface InvalidValue {
  readonly problem: string;
  readonly place: Place;
}

export interface Rule {
  /** `<group>/<collection>/<rule>`, made unique with `#2`…; identity without lines. */
  readonly id: string;
  readonly name: string;
  readonly collection: string;
  /** Rule collection group; the empty string for a classic firewall. */
  readonly group: string;
  /** The policy that owns the rule: the leaf or one of its ancestors. */
  readonly policy: string;
  readonly stage: Stage;
  readonly action: 'allow' | 'deny' | 'unknown';
  /** Ancestors first (root = 0), group priority, collection priority, index. Unknown priorities are NaN. */
  readonly order: readonly [depth: number, group: number, collection: number, index: number];
  readonly sources: readonly Address[];
  readonly destinations: readonly Destination[];
  readonly services: readonly Service[];
  readonly terminateTls: boolean | 'unknown';
  readonly description: string;
  /** The rule object. */
  readonly place: Place;
  /** Keys of the lists, where written; to anchor what has no token of its own. */
  readonly listPlaces: {
    readonly sources?: Place;
    readonly destinations?: Place;
    readonly services?: Place;
    readonly priority?: Place;
    readonly terminateTls?: Place;
  };
  /** The rule exists, or matches anything, only if a condition holds that could not be evaluated. */
  readonly conditional?: Unknown;
  /** Of an appliance: destinations that the rule passes by although `destinations` hold them. */
  readonly except?: readonly Destination[] | undefined;
  /** Of an appliance: outside these addresses it is not known whether the rule sees a source, because of its interface. */
  readonly sourceDoubt?: { readonly sure: readonly IpRange[]; readonly unknown: Unknown };
  /** Of an appliance: what it does by default or by a profile; nothing is said of it as a rule. */
  readonly implicit?: 'default' | 'profile';
  /** Index of its layer, where the policy has layers. */
  readonly layer?: number;
  /**
   * Set where nothing of the rule(s) at this place in the order is known: a base policy that was not given, a rule list
   * from a parameter without value. It may match every flow; `action` 'unknown' may be both.
   */
  readonly opaque?: Unknown;
  /** With `opaque`: a base policy that was not given, or rules of this policy. */
  readonly opaqueKind?: 'base-policy' | 'rules';
  /** Ports, protocols and names that Azure does not accept: with one of them the rule does not deploy. */
  readonly invalid?: readonly InvalidValue[] | undefined;
  /** Fields that Azure accepts and ignores, such as destinationAddresses of an application rule. */
  readonly ineffective: readonly { readonly field: string; readonly place: Place }[];
  /** Features that the policy's tier does not have: `{feature: 'TLS inspection', needs: 'Premium'}`. */
  readonly needsTier: readonly {
    readonly feature: string;
    readonly tier: 'Standard' | 'Premium';
    readonly place: Place;
  }[];
}

export interface Tie {
  readonly a: string;
  readonly b: string;
  readonly priority: number;
  readonly place: Place;
  readonly related: Place;
}

/** What a list of rules does with what none of them matches. */
export interface Layer {
  readonly name: string;
  readonly otherwise: 'allow' | 'deny';
}

/** The whole ordered rule set that decides one flow, of one leaf: parents' rules included. */
export interface Policy {
  /** Resource id where known, else the name; unique in a run of the tool. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'firewallPolicy' | 'azureFirewall' | 'appliance';
  readonly place: Place;
  readonly tier: 'Basic' | 'Standard' | 'Premium' | 'unknown';
  readonly dnsProxy: 'on' | 'off' | 'unknown';
  readonly dnsProxyPlace: Place;
  /** Whether a firewall in the input uses it; `unknown` where the input holds no firewall at all. */
  readonly attached: 'yes' | 'no' | 'unknown';
  readonly threatIntel: 'Off' | 'Alert' | 'Deny' | 'unknown';
  /** Names from root to leaf. */
  readonly chain: readonly string[];
  /**
   * Evaluation order: of Azure Firewall every network rule, then every application rule; of an appliance the rules of its
   * one list, or of its layers one after the other. Then the default, deny.
   */
  readonly rules: readonly Rule[];
  /** Of an appliance with other defaults, or with several lists all of which have to allow. */
  readonly layers?: readonly Layer[];
  /** Of an appliance that decrypts by rules of their own: what they allow is decrypted. */
  readonly decryption?: Policy;
  /** Collections or groups of equal priority whose actions differ: Azure does not document the order. */
  readonly ties: readonly Tie[];
  /** Everything about the policy that could not be evaluated, for the summary and unresolved-expression. */
  readonly unknowns: readonly Unknown[];
}

/** One file or stream that was read. */
export interface InputSummary {
  readonly path: string;
  readonly format: InputFormat;
  /** Network and application rules found in it. */
  readonly rules: number;
  /** Values in rules that could not be evaluated. */
  readonly unresolved: number;
  /** The text, for locating pointers and quoting lines. */
  readonly text: string;
  /** Of each level, where the text is JSON written as JSON.stringify writes it. */
  readonly indentation?: string | undefined;
  /** Names that a tool has for parts of it, by pointer, such as Terraform's addresses of resources. */
  readonly addresses?: ReadonlyMap<string, string>;
}
