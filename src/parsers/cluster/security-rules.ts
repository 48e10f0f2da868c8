import { parseIpRange } from '../../model/address.ts';
import { ipContains, ipOverlaps, ipSetOf, type IpSet } from '../../model/ip-space.ts';
import { listOf, numberOf, wordOf } from '../azure-firewall/fields.ts';
import type { ObjectValue } from '../value.ts';
import { at } from './values.ts';

/** Where nodes send what AKS needs: names without fixed addresses, and each other. */
type Target = 'internet' | 'network';

/** What an outbound rule of a network security group does to the web traffic of a subnet. */
export interface EgressRule {
  readonly access: 'allow' | 'deny' | 'none';
  readonly priority: number | undefined;
  /** Of the subnet's nodes: all, some, or none. */
  readonly sources: 'all' | 'some' | 'none';
  readonly targets: readonly Target[];
}

/** https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules */
export function egressRule(rule: ObjectValue, subnet: readonly string[] | undefined): EgressRule {
  const values = (one: string, many: string): string[] =>
    [...listOf(at(rule, one)), ...listOf(at(rule, many))].map(wordOf);
  const ports = values('destinationportrange', 'destinationportranges');
  const protocol = wordOf(at(rule, 'protocol'));
  const isWeb = ports.some(holdsWeb) && ['', '*', 'any', 'tcp'].includes(protocol);
  const access = wordOf(at(rule, 'access'));
  const isOutbound = wordOf(at(rule, 'direction')) === 'outbound';
  const isKnown = isOutbound && isWeb && (access === 'allow' || access === 'deny');
  return {
    access: isKnown ? access : 'none',
    priority: numberOf(at(rule, 'priority')),
    sources:
      listOf(at(rule, 'sourceapplicationsecuritygroups')).length > 0
        ? // Which nodes are members no file tells, and nodes of AKS rarely are.
          'none'
        : sourcesOf(values('sourceaddressprefix', 'sourceaddressprefixes'), subnet),
    targets: targetsOf(values('destinationaddressprefix', 'destinationaddressprefixes'), access),
  };
}

/**
 * Does the rule deny what AKS needs? Not where rules before it allow as much: the first that matches decides. That is told
 * from wide rules alone: names cannot be listed by address
 * (https://learn.microsoft.com/azure/aks/outbound-rules-control-egress).
 */
export function deniesEgress(rule: EgressRule, all: readonly EgressRule[]): boolean {
  if (rule.access !== 'deny' || rule.sources === 'none') return false;
  const before = all.filter(
    ({ access, priority, sources }) =>
      access === 'allow' &&
      sources === 'all' &&
      priority !== undefined &&
      rule.priority !== undefined &&
      priority < rule.priority,
  );
  return rule.targets.some((target) => !before.some(({ targets }) => targets.includes(target)));
}

const EVERYTHING = /^(?:\*|any|0\.0\.0\.0\/0)$/;

/** Denying all of Azure is as bad as denying all; allowing it is not enough. */
function targetsOf(destinations: readonly string[], access: string): readonly Target[] {
  const targets: readonly (readonly [Target, (text: string) => boolean])[] = [
    ['internet', (text) => text === 'internet' || (text === 'azurecloud' && access === 'deny')],
    ['network', (text) => text === 'virtualnetwork'],
  ];
  return targets.flatMap(([target, holds]) =>
    destinations.some((text) => EVERYTHING.test(text) || holds(text)) ? target : [],
  );
}

function sourcesOf(texts: readonly string[], subnet: readonly string[] | undefined): EgressRule['sources'] {
  if (texts.length === 0 || texts.some((text) => EVERYTHING.test(text) || text === 'virtualnetwork'))
    return 'all';
  const written = setOf(texts);
  const own = setOf(subnet ?? []);
  // Without the subnet's addresses, or with tags, it may be some of them.
  if (written === undefined || own === undefined || own.v4.length + own.v6.length === 0) return 'some';
  if (ipContains(written, own)) return 'all';
  return ipOverlaps(written, own) ? 'some' : 'none';
}

function setOf(texts: readonly string[]): IpSet | undefined {
  const ranges = texts.map(parseIpRange);
  return ranges.every((range) => range !== undefined) ? ipSetOf(ranges) : undefined;
}

function holdsWeb(range: string): boolean {
  if (range === '*') return true;
  const [from = NaN, to = from] = range.split('-').map(Number);
  return from <= 443 && 443 <= to;
}
