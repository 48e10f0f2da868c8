import type { InputFormat } from '../model/format.ts';
import type { Place } from '../model/place.ts';
import type { Remark } from '../model/remark.ts';
import type { Unknown } from '../model/symbol.ts';
import type { ObjectValue, Value } from './value.ts';

/**
 * One Azure resource, whatever it was written in: an evaluated ARM resource, a REST answer, a Terraform block translated
 * to ARM's property names. src/parsers/azure-firewall reads these and nothing else.
 */
export interface Resource {
  /** As ARM writes it, e.g. Microsoft.Network/firewallPolicies/ruleCollectionGroups; compare without case. */
  readonly type: string;
  /** Full name with `/` between segments (`policy/group`); may contain symbols. */
  readonly name: string;
  /** Resource id where it can be computed; lower-cased for comparison; may contain symbols. */
  readonly id: string;
  readonly properties: ObjectValue;
  /** The whole resource, for fields outside `properties` (sku, location, tags, identity). */
  readonly body: ObjectValue;
  readonly place: Place;
  /** It exists only if a condition holds that could not be evaluated. */
  readonly conditional?: Unknown;
  /** Declared with `existing`: a reference to something deployed elsewhere, never a definition. */
  readonly existing: boolean;
  /** What is deployed together, where the files do not tell: the root module of a Terraform resource. */
  readonly unit?: string;
  /** Properties, as paths in lower case, that the format cannot write: their absence says nothing. */
  readonly unwritable?: readonly string[];
  /** Ids or names of resources named in dependsOn, lower case; a last resort to join group and policy. */
  readonly dependsOn: readonly string[];
}

/** A resource list (or its members) that could not be evaluated: something may exist that is not seen. */
export interface ResourceGap {
  /** The resource type where it is known, else ''. */
  readonly type: string;
  readonly unknown: Unknown;
  readonly place: Place;
  /** The files whose policies it concerns; without them its own. */
  readonly files?: ReadonlySet<string>;
  /** The id of what is not known, or of what holds it, lower case; only of what was asked of Azure. */
  readonly of?: string;
}

export interface Extraction {
  readonly format: InputFormat;
  readonly resources: readonly Resource[];
  readonly gaps: readonly ResourceGap[];
  /** Policies that are never judged themselves, with their groups: parents in a snapshot. */
  readonly bases?: readonly Resource[];
  /** Problems that do not stop the reading, such as duplicate keys: shown as notes with their place. */
  readonly notes: readonly { readonly message: string; readonly place: Place }[];
  /** Comments that speak to this program; absent for JSON, whose comments are the same in every format. */
  readonly remarks?: readonly Remark[];
  /** Names that a tool has for parts of the file, by pointer: `module.hub.azurerm_ip_group.aks["nodes"]`. */
  readonly addresses?: ReadonlyMap<string, string>;
  /** What is marked as sensitive, so that no report quotes it. */
  readonly sensitive?: readonly Value[];
  /** Evaluated deployment outputs, for templates. */
  readonly outputs?: Value;
}
