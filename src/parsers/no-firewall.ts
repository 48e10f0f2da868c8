import { InputError } from '../errors.ts';
import { showSymbols } from '../model/symbol.ts';
import { isRulestack } from './arm/types.ts';
import { FIREWALL, GROUP, IP_GROUP, POLICY } from './azure-firewall/resource-ids.ts';
import type { Extraction, Resource } from './resource.ts';

/** A type that holds firewall rules, or what rules name. */
export function isFirewallType(type: string): boolean {
  return [POLICY, GROUP, FIREWALL, IP_GROUP].includes(type.toLowerCase()) || isRulestack(type);
}

/** Defined here, and of such a type. */
export function isFirewall({ type, existing }: Resource): boolean {
  return !existing && isFirewallType(type);
}

export function noBase(path: string): InputError {
  return new InputError(
    path,
    'no firewall policy or rule collection group in it; --base-policy takes the file of a base policy or of its groups',
  );
}

/** For a named file where no policy was found at all. */
export function noPolicy(
  path: string,
  resources: readonly Resource[],
  missingPolicies: readonly string[],
): InputError {
  const [missing] = missingPolicies;
  if (missing !== undefined) {
    const policy = showSymbols(missing);
    return new InputError(
      path,
      `the firewall takes its rules from the policy ${policy}, which is not in the input; add its file`,
    );
  }
  const problem = resources.some(isFirewall)
    ? 'it holds no firewall policy, rule collection group or classic firewall, only what those use; add their files'
    : resources.length > 0
      ? 'it holds a cluster, but no firewall policy, rule collection group or classic firewall; add the files of the firewall'
      : 'it is an empty list, no firewall policy, rule collection group or classic firewall';
  return new InputError(path, problem);
}

/** What to say of a file without any firewall. Of the Bicep below a folder, most has nothing to do with one. */
export function whyNone({ format, resources, gaps }: Extraction, named: boolean): string {
  if (format === 'bicep' && !named && !gaps.some(({ unknown }) => /firewall/i.test(unknown.reason))) {
    return 'not recognised: Bicep without a firewall';
  }
  const [gap] = gaps;
  const linked = gap === undefined ? '' : `; not followed: ${gap.unknown.reason}`;
  const drafts = resources.some(({ type }) => /drafts$/i.test(type)) ? '; drafts are not in force' : '';
  return `no firewall policy, rule collection group or classic firewall in it${drafts}${linked}`;
}

/** JSON, and about a firewall. */
const SPEAKS_OF_FIREWALLS = /^\s*[[{/](?=[^]*(?:firewallPolicies|azureFirewalls|ruleCollection))/i;

/** What may be an appliance's and is no JSON. */
const NO_JSON = /\.(?:xml|set|conf|cfg)$/i;

/** Of a file below a folder that cannot be read. A broken one that speaks of firewalls must not pass for one that has none. */
export function reasonToSkip(path: string, text: string | undefined, error: InputError): string {
  if (text !== undefined && SPEAKS_OF_FIREWALLS.test(text)) throw error;
  return NO_JSON.test(path) ? 'not recognised: no export of an appliance' : error.message;
}
