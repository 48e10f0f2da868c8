import { ipIsEmpty, ipRanges, knownAddresses } from '../model/ip-space.ts';
import { formatIpRange } from '../model/address.ts';
import { isWildcard, nameContains, nameOverlaps } from '../model/name.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { showSymbols } from '../model/symbol.ts';
import type { Requirement } from '../requirements/requirement.ts';
import { sourcesContain, sourcesEmpty, type SourceSet } from './flow.ts';

/**
 * Whose traffic is it? Without sources from the user, the candidates are the source sets of allow rules that match a core
 * requirement. Rules that name the API server, AKS packages, the tunnel or the AKS tag show a cluster; only where none
 * does, any rule for a core host is taken. A jumpbox that may reach login.microsoftonline.com is thereby no cluster.
 */
export function candidateSources(policy: Policy, requirements: readonly Requirement[]): readonly SourceSet[] {
  const core = requirements.filter((row) => row.feature === 'core' && row.applies !== 'no');
  const strong = core.filter((row) => row.identifiesCluster);
  const allows = policy.rules.filter(
    (rule) => rule.action === 'allow' && rule.opaque === undefined && rule.implicit === undefined,
  );
  const named = sourceSets(
    allows.filter((rule) => namesAksTag(rule) || strong.some((row) => meets(rule, row, true))),
  );
  if (named.length > 0) return named;
  const specific = sourceSets(allows.filter((rule) => core.some((row) => meets(rule, row, true))));
  if (specific.length > 0) return specific;
  return sourceSets(allows.filter((rule) => core.some((row) => meets(rule, row, false))));
}

function namesAksTag(rule: Rule): boolean {
  return rule.destinations.some(
    (d) => d.kind === 'fqdn-tag' && d.tag.toLowerCase() === 'azurekubernetesservice',
  );
}

/** `closely`: by name, not by a pattern or address so wide that it would meet anything. */
function meets(rule: Rule, row: Requirement, closely: boolean): boolean {
  const transport = row.protocol === 'HTTPS' || row.protocol === 'HTTP' ? 'TCP' : row.protocol;
  const service = rule.services.some(
    ({ protocol, from, to, portsKnown }) =>
      from <= row.port &&
      row.port <= to &&
      (!closely || (portsKnown && to - from < 1000)) &&
      (rule.stage === 'application'
        ? protocol === row.protocol
        : protocol === transport || protocol === 'Any'),
  );
  if (!service) return false;
  return row.targets.some((target) =>
    rule.destinations.some((destination) => {
      if (destination.kind === 'name' && target.kind === 'name') {
        return closely
          ? isClose(destination.pattern, target.destination)
          : nameOverlaps(destination.pattern, target.destination);
      }
      if (destination.kind === 'service-tag' && target.kind === 'service-tag') {
        return destination.tag
          .toLowerCase()
          .startsWith(target.destination.split('.')[0]?.toLowerCase() ?? '');
      }
      // Ports 1194 and 9000 to anywhere are the old tunnel; 53 and 123 are anybody's.
      if (closely) return destination.kind === 'any' && target.kind === 'any' && row.identifiesCluster;
      return destination.kind === 'any';
    }),
  );
}

/** The rule's pattern is the target, a host inside it, or a wildcard of at least two labels that contains it. */
function isClose(pattern: string, target: string): boolean {
  if (nameContains(target, pattern)) return true;
  if (!isWildcard(pattern) || !nameContains(pattern, target)) return false;
  const suffix = pattern.slice(1);
  return suffix.split('.').filter((label) => label !== '').length >= 2;
}

/** The smallest source sets: a cluster in the smaller network also gets what the larger one is allowed. */
function sourceSets(rules: readonly Rule[]): readonly SourceSet[] {
  const sets = new Map<string, SourceSet>();
  for (const rule of rules) {
    const set = sourceSetOf(rule);
    if (!sourcesEmpty(set)) sets.set(describeSources(set).join(' '), set);
  }
  const all = [...sets.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, set]) => set);
  return all.filter((set) => !all.some((other) => other !== set && sourcesContain(set, other)));
}

/** One object per rule, so that what is computed for a source set can be found again. */
const SOURCE_SETS = new WeakMap<Rule, SourceSet>();

export function sourceSetOf(rule: Rule): SourceSet {
  const known = SOURCE_SETS.get(rule);
  if (known !== undefined) return known;
  const symbols = rule.sources.flatMap((source) => (source.kind === 'symbol' ? [source.symbol] : []));
  const set: SourceSet = { ip: knownAddresses(rule.sources), symbols: [...new Set(symbols)].sort() };
  SOURCE_SETS.set(rule, set);
  return set;
}

/** An unresolved expression can be as long as a template allows. */
function shorten(text: string): string {
  return text.length <= MOST_OF_SYMBOL ? text : `${text.slice(0, MOST_OF_SYMBOL - 2)}…]`;
}

const MOST_OF_SYMBOL = 64;

/** For messages and the report: shortest ranges, then symbols as the file writes them. */
export function describeSources(set: SourceSet): string[] {
  if (set.ip.v4.length === 1 && set.ip.v4[0]?.[0] === 0 && set.ip.v4[0][1] === 2 ** 32) return ['*'];
  const addresses = ipIsEmpty(set.ip) ? [] : ipRanges(set.ip).map(formatIpRange);
  return [...addresses, ...set.symbols.map((symbol) => shorten(showSymbols(symbol)))];
}
