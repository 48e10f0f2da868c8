import { parseIpRange } from '../../src/model/address.ts';
import { child, type Place } from '../../src/model/place.ts';
import type { Address, Destination, Policy, Protocol, Rule, Service, Stage } from '../../src/model/policy.ts';
import { hasSymbol, isSymbol, symbolOf, type Unknown } from '../../src/model/symbol.ts';

/**
 * Policies by hand, for tests of everything after the parsers:
 *
 *     policy(
 *       networkRule('deny', { from: ['10.0.0.0/24'], to: ['AzureCloud.westeurope'], services: ['TCP 443'] }),
 *       applicationRule('allow', { to: ['mcr.microsoft.com', 'AzureKubernetesService'], services: ['HTTPS 443'] }),
 *     )
 *
 * Rules may be written in any order: `policy` sorts them by stage, depth and priorities and keeps the order of equals.
 *
 * Sources and destinations are short texts:
 * - `*`, `10.0.0.4`, `10.0.0.0/24`, `10.0.0.4-10.0.0.9` and the same in IPv6: addresses
 * - `⟦id⟧`: a symbol, see {@link symbol}; an address, or a name in an application rule
 * - `mcr.microsoft.com`, `*.example.com`: a name, lower case (`*` in an application rule is one too)
 * - `url:example.com/path`: a member of targetUrls
 * - a capital first, `AzureCloud.westeurope`: a service tag in a network rule, an FQDN tag in an application rule
 * - `category:Gambling`, `opaque:why`, `invalid:10.1.2.300`
 *
 * Services are `TCP 443`, `UDP 1000-2000`, `Any *`, `HTTPS 443`; `? 443` has an unknown protocol, `TCP ?` unknown ports.
 */
export interface RuleOptions {
  readonly name?: string;
  /** Default: `*`. */
  readonly from?: readonly string[];
  /** Default: `*`. */
  readonly to?: readonly string[];
  /** Default: `TCP 443` in a network rule, `HTTPS 443` in an application rule. */
  readonly services?: readonly string[];
  /** 0, the default, is the root of the policy chain. */
  readonly depth?: number;
  readonly group?: string;
  readonly groupPriority?: number;
  readonly collection?: string;
  readonly collectionPriority?: number;
  readonly conditional?: boolean;
  readonly terminateTls?: boolean | 'unknown';
  readonly description?: string;
}

export interface RuleDraft extends RuleOptions {
  readonly stage: Stage;
  readonly action: Rule['action'];
  readonly opaqueKind?: 'base-policy' | 'rules';
}

/** What a policy says besides its rules. */
export type PolicyOptions = Partial<Omit<Policy, 'rules'>>;

const FILE = 'policy.json';
const ROOT: Place = { path: FILE, pointer: '' };
const MAX_PORT = 65_535;

export function networkRule(action: Rule['action'], options: RuleOptions = {}): RuleDraft {
  return { stage: 'network', action, ...options };
}

export function applicationRule(action: Rule['action'], options: RuleOptions = {}): RuleDraft {
  return { stage: 'application', action, ...options };
}

/** Rules of one stage of which nothing is known: a base policy that was not given, a list without a value. */
export function opaqueRules(
  stage: Stage,
  options: RuleOptions & { readonly kind?: 'base-policy' | 'rules'; readonly action?: Rule['action'] } = {},
): RuleDraft {
  const { kind = 'rules', action = 'unknown', ...rest } = options;
  return { stage, action, ...rest, opaqueKind: kind };
}

/** The text of a symbol: `symbol('nodes')` in `from` or `to` is an unresolved address equal to itself. */
export function symbol(identity: string): string {
  return symbolOf(identity);
}

export function policy(...drafts: readonly RuleDraft[]): Policy {
  return policyWith({}, ...drafts);
}

export function policyWith(options: PolicyOptions, ...drafts: readonly RuleDraft[]): Policy {
  const depths = Math.max(0, ...drafts.map((draft) => draft.depth ?? 0));
  const chain = options.chain ?? Array.from({ length: depths + 1 }, (_, depth) => policyName(depth));
  const ids = new Map<string, number>();
  const rules = drafts.map((draft, index) => ruleOf(draft, index, chain, ids)).sort(byEvaluation);
  const leaf = chain.at(-1) ?? policyName(depths);
  return {
    id: leaf,
    name: leaf,
    kind: 'firewallPolicy',
    place: ROOT,
    tier: 'Premium',
    dnsProxy: 'on',
    dnsProxyPlace: child(ROOT, 'dnsSettings'),
    attached: 'yes',
    threatIntel: 'Alert',
    ties: [],
    unknowns: rules.flatMap((rule) => rule.opaque ?? rule.conditional ?? []),
    ...options,
    chain,
    rules,
  };
}

function policyName(depth: number): string {
  return depth === 0 ? 'root' : `child-${depth}`;
}

function byEvaluation(a: Rule, b: Rule): number {
  if (a.stage !== b.stage) return a.stage === 'network' ? -1 : 1;
  for (const [level, value] of a.order.entries()) {
    const difference = value - (b.order[level] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function ruleOf(draft: RuleDraft, index: number, chain: readonly string[], ids: Map<string, number>): Rule {
  const place = child(child(ROOT, 'rules'), index);
  const { stage, action, depth = 0, groupPriority = 100, collectionPriority = 100 } = draft;
  const { group = 'group', collection = `${action}-${stage}`, name = `rule-${index + 1}` } = draft;
  const opaque = draft.opaqueKind === undefined ? undefined : unknown('its rules are not given', place);
  const defaults = opaque === undefined ? ['*'] : [];
  const services = draft.services ?? (stage === 'network' ? ['TCP 443'] : ['HTTPS 443']);
  const id = `${group}/${collection}/${name}`;
  const seen = (ids.get(id) ?? 0) + 1;
  ids.set(id, seen);
  return {
    id: seen === 1 ? id : `${id}#${seen}`,
    name,
    collection,
    group,
    policy: chain[depth] ?? policyName(depth),
    stage,
    action,
    order: [depth, groupPriority, collectionPriority, index],
    sources: list(draft.from ?? defaults, child(place, 'sources'), address),
    destinations: list(draft.to ?? defaults, child(place, 'destinations'), (text, at) =>
      stage === 'network' ? networkDestination(text, at) : applicationDestination(text, at),
    ),
    services:
      opaque === undefined
        ? list(services, child(place, 'services'), (text, at) => service(text, at, stage))
        : [],
    terminateTls: draft.terminateTls ?? false,
    description: draft.description ?? '',
    place,
    listPlaces: {
      sources: child(place, 'sources'),
      destinations: child(place, 'destinations'),
      services: child(place, 'services'),
      priority: child(place, 'priority'),
      ...(draft.terminateTls === undefined ? {} : { terminateTls: child(place, 'terminateTLS') }),
    },
    ...(draft.conditional === true ? { conditional: unknown('its condition is not known', place) } : {}),
    ...(opaque === undefined ? {} : { opaque }),
    ...(draft.opaqueKind === undefined ? {} : { opaqueKind: draft.opaqueKind }),
    ineffective: [],
    needsTier: [],
  };
}

function list<T>(texts: readonly string[], place: Place, read: (text: string, place: Place) => T): T[] {
  return texts.map((text, index) => read(text, child(place, index)));
}

function unknown(reason: string, place: Place): Unknown {
  return { reason, supply: 'give the missing file', place };
}

function address(text: string, place: Place): Address {
  const [prefix, rest] = prefixed(text);
  if (prefix === 'opaque') return { kind: 'opaque', text: rest, place, unknown: unknown(rest, place) };
  if (prefix === 'invalid') return { kind: 'invalid', text: rest, place, problem: 'not an address' };
  if (text === '*') return { kind: 'any', text, place };
  if (isSymbol(text)) {
    return { kind: 'symbol', symbol: text, text, place, unknown: unknown('its value is not known', place) };
  }
  const range = parseIpRange(text);
  if (range !== undefined) return { kind: 'range', range, text, place };
  throw new Error(`${text} is no address, symbol, opaque: or invalid: text`);
}

function networkDestination(text: string, place: Place): Destination {
  if (isTag(text)) return { kind: 'service-tag', tag: text, text, place };
  return isName(text)
    ? { kind: 'name', pattern: text, via: 'network-fqdn', text, place }
    : address(text, place);
}

function applicationDestination(text: string, place: Place): Destination {
  const [prefix, rest] = prefixed(text);
  if (prefix === 'category') return { kind: 'web-category', text: rest, place };
  if (prefix === 'url') {
    const slash = rest.includes('/') ? rest.indexOf('/') : rest.length;
    const [pattern, url] = [rest.slice(0, slash), rest.slice(slash)];
    return { kind: 'name', pattern, via: 'url', url, text: rest, place };
  }
  if (isTag(text)) return { kind: 'fqdn-tag', tag: text, text, place };
  if (text === '*' || isSymbol(text) || isName(text)) {
    return { kind: 'name', pattern: text, via: 'fqdn', text, place };
  }
  throw new Error(`${text} is no destination of an application rule`);
}

function prefixed(text: string): readonly [prefix: string, rest: string] {
  const colon = text.indexOf(':');
  return colon < 0 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1)];
}

function isTag(text: string): boolean {
  return /^[A-Z]/.test(text);
}

/** A name has a letter or a symbol in it and is neither an address nor prefixed. */
function isName(text: string): boolean {
  return text !== '*' && !text.includes(':') && !isSymbol(text) && (hasSymbol(text) || /[a-z]/.test(text));
}

const PROTOCOLS: Readonly<Record<Stage, readonly Protocol[]>> = {
  network: ['TCP', 'UDP', 'ICMP', 'Any'],
  application: ['HTTP', 'HTTPS', 'MSSQL'],
  appliance: ['TCP', 'UDP', 'ICMP', 'Any'],
};

function service(text: string, place: Place, stage: Stage): Service {
  const [, protocolText = '', portText = ''] = /^(\S+) (\S+)$/.exec(text) ?? [];
  const protocol = protocolText === '?' ? 'unknown' : PROTOCOLS[stage].find((one) => one === protocolText);
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(portText) ?? [];
  const isOpen = portText === '*' || portText === '?';
  if (protocol === undefined || (first === undefined && !isOpen)) {
    throw new Error(
      `"${text}" is no service of a rule in the ${stage} stage: write "TCP 443" or "HTTPS 443"`,
    );
  }
  const isUnknown = protocol === 'unknown' || portText === '?';
  return {
    protocol,
    from: isOpen ? 0 : Number(first),
    to: isOpen ? MAX_PORT : Number(last),
    portsKnown: portText !== '?',
    text,
    protocolPlace: child(place, 'protocol'),
    portPlace: child(place, 'port'),
    ...(isUnknown ? { unknown: unknown('its value is not known', place) } : {}),
  };
}
