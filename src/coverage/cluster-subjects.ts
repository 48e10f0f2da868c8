import {
  enforces,
  type ClusterReading,
  type DefaultRoute,
  type FirewallAddresses,
} from '../model/cluster.ts';
import type { Place } from '../model/place.ts';
import type { Policy } from '../model/policy.ts';
import { hasSymbol, showSymbols } from '../model/symbol.ts';
import { classOf } from './fact-class.ts';
import type { FactsOf, Part, Subject } from './facts.ts';
import { ClusterView } from './open-views.ts';

/** What was said of a cluster by flag or configuration, where the input shows something else: clauses. */
export interface Disagreement {
  readonly fact: string;
  readonly said: string;
  readonly shown: string;
  /** Who said it, and where it is written. */
  readonly by: string;
  readonly saidAt: Place | undefined;
  readonly shownAt: Place;
}

export interface ClusterContext {
  readonly reading: ClusterReading;
  readonly firewalls: readonly FirewallAddresses[];
  readonly disagreements: readonly Disagreement[];
  /** Addresses of the HTTP proxy that its traffic is judged for, as far as they are known. */
  readonly proxySources: readonly string[];
  /** False for further policies of one cluster: what has nothing to do with the policy is told once. */
  readonly isFirst: boolean;
}

type ClusterFacts = FactsOf<'cluster'>;

const RIGHT: ClusterFacts = {
  outbound: 'unknown',
  route: 'unknown',
  dns: 'unknown',
  dnsProxy: 'unknown',
  publicIp: 'no',
  securityRule: 'none',
  httpProxy: 'no',
  contradiction: 'no',
};

/**
 * What only cluster and firewall together tell: whether traffic gets to the firewall at all, and whether it uses what the
 * firewall offers.
 */
export function clusterSubjects(policy: Policy, context: ClusterContext): Subject<'cluster'>[] {
  const { reading, firewalls, disagreements, proxySources, isFirst } = context;
  const { egress } = reading;
  const own = firewalls.filter((one) => enforces(one, policy));
  const hops = egress.routes.flatMap(({ value }) => (value?.to === 'appliance' ? (value.address ?? []) : []));
  const make = subjectMaker(policy, reading);
  const subjects: Subject<'cluster'>[] = [];

  if (reading.unread !== undefined) return subjects;
  const outbound = outboundOf(reading, own);
  if (isFirst)
    subjects.push(
      make(undefined, { outbound }, egress.outboundType.place, '', {
        outboundType: egress.outboundType.written,
      }),
    );
  for (const route of egress.routes) {
    const { value } = route;
    if (value === undefined || egress.outboundType.value !== 'userDefinedRouting') continue;
    const leads = routeFact(value, own);
    subjects.push(
      make('route', { route: leads }, route.place, route.subnet, {
        subnet: route.subnet,
        hop: hopText(value),
      }),
    );
  }
  const servers = egress.dnsServers?.value;
  if (egress.dnsServers !== undefined && servers !== undefined) {
    const isOwn = egress.dnsFirewalls.some((firewall) => own.includes(firewall));
    const isRouted = servers.some((server) => hops.includes(server) || isSomeFirewall(server));
    const isKnown = isOwn || (egress.dnsFirewalls.length === 0 && isRouted);
    const dns = isKnown ? 'firewall' : servers.length === 0 ? 'azure' : 'other';
    const data = { servers: servers.map((server) => `'${showSymbols(server)}'`).join(', ') };
    subjects.push(make('dns', { dns, dnsProxy: policy.dnsProxy }, egress.dnsServers.place, 'dns', data));
  }
  if (!isFirst) return subjects;
  for (const { pool, place, value } of egress.publicIps) {
    const publicIp = value === true ? 'yes' : 'unknown';
    subjects.push(make('node-pool', { publicIp }, place, pool, { pool }));
  }
  for (const { group, rule, place } of egress.denials) {
    subjects.push(
      make('security-rule', { securityRule: 'denies' }, place, `${group}/${rule}`, { group, rule }),
    );
  }
  const proxy = egress.httpProxy;
  if (proxy !== undefined) {
    const { value, place } = proxy.url;
    const httpProxy = value === undefined ? 'unknown' : 'yes';
    const judged =
      proxySources.length > 0
        ? `Its rules are judged for the address ${proxySources.join(', ')} of the proxy`
        : 'To have its rules judged for the proxy, give the address with --source proxy=ADDRESS';
    subjects.push(make('http-proxy', { httpProxy }, place, 'proxy', { proxy: value ?? '', judged }));
  }
  for (const { fact, said, shown, by, saidAt, shownAt } of disagreements) {
    const related = saidAt === undefined ? [] : [{ text: 'said otherwise here', place: saidAt }];
    subjects.push(
      make('contradiction', { contradiction: 'yes' }, shownAt, fact, { said, shown, by }, related),
    );
  }
  return subjects;
}

function subjectMaker(policy: Policy, { name, place: around }: ClusterReading) {
  return (
    part: Part | undefined,
    some: Partial<ClusterFacts>,
    place: Place,
    about: string,
    data: Readonly<Record<string, string>>,
    related: Subject['related'] = [],
  ): Subject<'cluster'> => {
    const facts = { ...RIGHT, ...some };
    return {
      target: 'cluster',
      ...(part === undefined ? {} : { part }),
      facts,
      class: classOf('cluster', facts),
      open: new ClusterView(name, policy, around),
      data: { ...NO_DATA, cluster: name, policy: showSymbols(policy.name), ...data },
      identity: ['cluster', name, part ?? '', about].join(' '),
      requirement: null,
      entry: null,
      place,
      related,
    };
  };
}

const NO_DATA = {
  outboundType: '',
  subnet: '',
  hop: '',
  servers: '',
  pool: '',
  group: '',
  rule: '',
  proxy: '',
  judged: '',
  said: '',
  shown: '',
  by: '',
};

/**
 * Load balancers and NAT gateways lead past the firewall, unless a route of the node subnets leads to it: a route wins over
 * both (https://learn.microsoft.com/azure/aks/egress-outboundtype).
 */
function outboundOf({ egress }: ClusterReading, own: readonly FirewallAddresses[]): ClusterFacts['outbound'] {
  const { outboundType, routes, hasUnseenRoute } = egress;
  switch (outboundType.value) {
    case undefined:
      return 'unknown';
    case 'none':
      return 'none';
    case 'userDefinedRouting':
      return 'firewall';
    default: {
      const leads = routes.map(({ value }) => value && routeFact(value, own));
      if (leads.some((one) => one !== undefined && one !== 'firewall' && one !== 'unknown')) return 'bypass';
      if (hasUnseenRoute || routes.some(({ value }) => value === undefined)) return 'maybe-bypass';
      return routes.length > 0 ? 'firewall' : 'bypass';
    }
  }
}

/** Another appliance's address counts only where the firewall's own is known. */
function routeFact(route: DefaultRoute, own: readonly FirewallAddresses[]): ClusterFacts['route'] {
  switch (route.to) {
    case 'nowhere':
      return route.lacks === 'route table' ? 'no-route-table' : 'no-default-route';
    case 'elsewhere':
      return 'elsewhere';
    case 'appliance': {
      const { address, firewall } = route;
      if (firewall?.policy !== undefined) return own.includes(firewall) ? 'firewall' : 'elsewhere';
      if (address === undefined) return 'unknown';
      const isKnown =
        own.length > 0 && own.every(({ addresses }) => addresses.some((one) => !hasSymbol(one)));
      return isKnown ? 'elsewhere' : 'unknown';
    }
  }
}

function hopText(route: DefaultRoute): string {
  if (route.to === 'appliance')
    return route.firewall === undefined
      ? `the appliance ${route.address ?? ''}`
      : `the firewall '${showSymbols(route.firewall.name)}'`;
  return route.to === 'elsewhere' ? `next hop type ${route.hop}` : '';
}

/** A reference to a firewall that is not in the input. */
function isSomeFirewall(server: string): boolean {
  return hasSymbol(server) && /azurefirewalls|azurerm_firewall\b/i.test(server);
}
