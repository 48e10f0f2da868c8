import { isSupportedPattern, isWildcard, nameContains } from '../model/name.ts';
import type { Destination } from '../model/policy.ts';
import { hasSymbol, showSymbols } from '../model/symbol.ts';
import { regionIn, type EndpointFacts } from './endpoint-facts.ts';
import type { FactsOf } from './facts.ts';
import type { Needs } from './needs.ts';

/** What a destination says by itself, whatever it is needed for: its form, and an endpoint that is not what was meant. */

type EntryFacts = FactsOf<'entry'>;

export interface EndpointContext {
  readonly needs: Needs;
  readonly endpoints: EndpointFacts;
  /** The regions that were judged; empty where none is known. */
  readonly regions: ReadonlySet<string>;
}

/** Whether the destination is written in a way that its list takes. */
export function formOf(destination: Destination, endpoints: EndpointFacts): EntryFacts['form'] {
  if (destination.kind === 'invalid') return 'invalid-address';
  if (destination.kind === 'service-tag') {
    return endpoints.isNoServiceTag(destination.tag) ? 'unknown-tag' : 'ok';
  }
  if (destination.kind === 'fqdn-tag') {
    return endpoints.isNoFqdnTag(destination.tag) ? 'unknown-tag' : 'ok';
  }
  // What an appliance does not take, its parser says.
  if (destination.kind !== 'name' || destination.via === 'appliance') return 'ok';
  const { pattern, via } = destination;
  if (!pattern.includes('.') && pattern !== '*') {
    return endpoints.knowsFqdnTag(pattern) || endpoints.knowsServiceTag(pattern) ? 'tag-as-name' : 'ok';
  }
  if (via === 'network-fqdn' && pattern.includes('*')) return 'network-wildcard';
  if (!isSupportedPattern(pattern)) return 'unsupported-wildcard';
  return isWildcard(pattern) && pattern !== '*' && !pattern.startsWith('*.') ? 'dotless-wildcard' : 'ok';
}

/** What is wrong with an endpoint, with words for messages. */
export interface Endpoint {
  readonly fact: EntryFacts['endpoint'];
  readonly belongs: string;
  readonly instead: string;
  readonly evidence: string;
}

const FINE: Endpoint = { fact: 'ok', belongs: '', instead: '', evidence: '' };
const FQDN_TAG_ELSEWHERE: Endpoint = {
  ...FINE,
  evidence: 'It is an FQDN tag, which belongs into fqdnTags of an application rule.',
};
const SERVICE_TAG_ELSEWHERE: Endpoint = {
  ...FINE,
  evidence: 'It is a service tag, which belongs into destinationAddresses of a network rule.',
};

/** What is wrong with the endpoint as such. Another region, cloud or spelling only counts where no need is met. */
export function endpointOf(destination: Destination, meetsNeed: boolean, context: EndpointContext): Endpoint {
  const { endpoints, regions } = context;
  if (destination.kind === 'fqdn-tag')
    return endpoints.knowsServiceTag(destination.tag) ? SERVICE_TAG_ELSEWHERE : FINE;
  if (destination.kind === 'service-tag') {
    const meant = endpoints.meantServiceTag?.(destination.tag);
    if (meant !== undefined) return { ...FINE, instead: meant };
    const isFqdnTag = endpoints.knowsFqdnTag(destination.tag) && !endpoints.knowsServiceTag(destination.tag);
    return isFqdnTag ? FQDN_TAG_ELSEWHERE : tagRegion(destination.tag, regions, endpoints);
  }
  if (destination.kind === 'range') {
    const past = endpoints.retiredAddress(destination.text);
    return past === undefined
      ? FINE
      : { fact: 'retired', belongs: '', instead: past.was, evidence: past.evidence };
  }
  if (destination.kind !== 'name' || destination.pattern === '*') return FINE;
  const { pattern } = destination;
  const retired = endpoints.retired(pattern);
  if (retired !== undefined)
    return { fact: 'retired', belongs: '', instead: retired.replacement, evidence: retired.evidence };
  if (meetsNeed || hasSymbol(pattern)) return FINE;
  const other = endpoints.otherCloud(pattern);
  if (other !== undefined)
    return { fact: 'wrong-cloud', belongs: other.cloud, instead: other.counterpart, evidence: '' };

  const { lookup, parents } = context.needs;
  const host = destination.via === 'url' ? undefined : hostWithin(pattern);
  if (
    host !== undefined &&
    context.needs.near({ ...destination, pattern: host }).some(({ name }) => nameContains(name, host))
  )
    return { fact: 'misspelled', belongs: '', instead: host, evidence: '' };
  const region = regionIn(pattern, endpoints.regions);
  const elsewhere = region === undefined || regions.has(region) ? undefined : lookup.otherRegion(pattern)[0];
  if (region !== undefined && elsewhere !== undefined) {
    const instead = showSymbols(elsewhere.target.destination);
    return { fact: 'wrong-region', belongs: region, instead, evidence: '' };
  }
  const apex = lookup.apex(pattern).find(({ state }) => state === 'active');
  if (apex !== undefined)
    return { fact: 'apex', belongs: '', instead: apex.target.destination, evidence: '' };
  const meant = lookup.typingErrors(pattern)[0] ?? parents.typingErrors(pattern)[0];
  if (meant === undefined) return FINE;
  return { fact: 'misspelled', belongs: '', instead: showSymbols(meant.target.destination), evidence: '' };
}

/** Of `https://mcr.microsoft.com`, `mcr.microsoft.com:443` and the like, which match no host; undefined for a name alone. */
export function hostWithin(pattern: string): string | undefined {
  const host = pattern.replace(/^\w+:\/\//, '').replace(/[/:].*$/, '');
  return host === pattern || host === '' ? undefined : host;
}

function tagRegion(tag: string, regions: ReadonlySet<string>, endpoints: EndpointFacts): Endpoint {
  const dot = tag.indexOf('.');
  const region = dot < 0 ? '' : endpoints.regionOfTag(tag.slice(dot + 1));
  if (!endpoints.regions.has(region) || regions.size === 0 || regions.has(region)) return FINE;
  const only = [...regions].filter((name) => endpoints.regions.has(name));
  if (only.length === 0) return FINE;
  return {
    fact: 'wrong-region',
    belongs: region,
    instead: `${tag.slice(0, dot)}.${only[0] ?? ''}`,
    evidence: '',
  };
}
