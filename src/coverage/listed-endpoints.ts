import { retiredEndpoint } from '../azure/retired-endpoints.ts';
import { parseIpRange } from '../model/address.ts';
import { ipContains, ipSetOf } from '../model/ip-space.ts';
import { nameContains } from '../model/name.ts';
import type { Place } from '../model/place.ts';
import type { Cloud, Policy } from '../model/policy.ts';
import { showSymbols } from '../model/symbol.ts';
import type { Requirement, Target } from '../requirements/requirement.ts';
import { classOf } from './fact-class.ts';
import type { FactsOf, Subject } from './facts.ts';
import type { DeclaredEndpoint } from './needs.ts';
import { ListedView } from './open-views.ts';
import {
  judgeRequirements,
  leftOutText,
  supplyOf,
  type JudgedRequirement,
  type RequirementContext,
} from './requirement-subjects.ts';

/**
 * The endpoints that Azure lists for a cluster as a second source beside the catalogue. What the list has counts as needed; what
 * it leaves out is needed all the same, since it lacks rows that nodes do not start without.
 */

/** One listed endpoint, as parsers/azure-lists reads it. */
export interface Listed {
  readonly category: string;
  readonly destination: string;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'UDP';
  readonly port: number;
  readonly description: string;
  readonly place: Place;
}

export interface ListedOptions {
  readonly cloud: Cloud;
  readonly declared: readonly DeclaredEndpoint[];
  /** `YYYY-MM-DD`: what was given up later was in use on that day. */
  readonly asOf?: string | undefined;
}

/** What judging a policy needs of a list. */
export class ListedEndpoints {
  /** The listed endpoints as requirements of their own. */
  readonly requirements: readonly Requirement[];
  readonly #listed: readonly Listed[];
  readonly #options: ListedOptions;

  constructor(listed: readonly Listed[], options: ListedOptions) {
    this.#listed = listed;
    this.#options = options;
    this.requirements = listed.map((one) => requirementOf(one, options.cloud));
  }

  /** Listed endpoints that the rows of the catalogue do not have, and those that they have, each with its verdict. */
  subjects(
    policy: Policy,
    catalogue: readonly Requirement[],
    context: RequirementContext,
  ): readonly Subject<'endpoint'>[] {
    return this.#listed.flatMap((listed, at) => {
      const requirement = this.requirements[at];
      const judged = requirement && judgeRequirements([requirement], context)[0];
      if (judged === undefined) return [];
      return [subjectOf(listed, judged, entryOf(listed, catalogue, this.#options), policy, context)];
    });
  }

  /** Destinations of the catalogue's rows that apply and that the list does not have; printed ones that nobody needs left out. */
  lacking(catalogue: readonly Requirement[]): string[] {
    const lacking = catalogue
      .filter(({ applies, necessity }) => applies === 'yes' && necessity !== 'recommended')
      .flatMap((row) => {
        const needed = row.targets.filter(({ standing }) => standing === 'required');
        const isListed = (target: Target): boolean =>
          this.#listed.some((listed) => isOf(listed, row, target) || holds(listed, row, target));
        if (row.mode === 'any') return needed.length === 0 || needed.some(isListed) ? [] : [textOf(row)];
        return needed
          .filter((target) => !isListed(target))
          .map(({ destination }) => showSymbols(destination));
      });
    return [...new Set(lacking)];
  }
}

function textOf({ targets, protocol, port }: Requirement): string {
  const named = targets.find(({ kind }) => kind === 'name' || kind === 'service-tag') ?? targets[0];
  return `${showSymbols(named?.destination ?? '')} on ${protocol} ${port}`;
}

function requirementOf({ destination, protocol, port, category }: Listed, cloud: Cloud): Requirement {
  const kind = kindOf(destination);
  return {
    id: `listed/${destination}`,
    feature: 'endpoint-list',
    cloud,
    necessity: 'required',
    applies: 'yes',
    why: 'Azure lists it for the cluster',
    mode: 'all',
    targets: [{ destination, kind, standing: 'required', standsForHosts: false }],
    // Of a host, TCP on this port is what rules by name call HTTPS.
    protocol: kind === 'name' && protocol === 'TCP' && port === 443 ? 'HTTPS' : protocol,
    port,
    purpose: category,
    pools: 'nodes',
    identifiesCluster: false,
    source: {
      document: 'Egress endpoints of the cluster',
      url: 'https://learn.microsoft.com/rest/api/aks/managed-clusters/list-outbound-network-dependencies-endpoints',
      read: '',
    },
  };
}

function kindOf(destination: string): Target['kind'] {
  if (destination === '*') return 'any';
  return parseIpRange(destination) === undefined ? 'name' : 'address';
}

/** What the catalogue has of a listed endpoint. */
interface Entry {
  readonly catalogue: FactsOf<'endpoint'>['catalogue'];
  /** Why its row does not apply, a clause. */
  readonly why: string;
  /** What is known of it, a finished sentence. */
  readonly evidence: string;
}

function entryOf(listed: Listed, catalogue: readonly Requirement[], options: ListedOptions): Entry {
  const found = catalogue.flatMap((row) =>
    row.targets.flatMap((target) => (isOf(listed, row, target) ? [{ row, target }] : [])),
  );
  const active = found.filter(({ row }) => row.applies !== 'no');
  const retired = retiredEndpoint(listed.destination, options.cloud, options.asOf);
  const needed = active.find(({ target }) => target.standing !== 'documented');
  if (needed !== undefined) return { catalogue: 'known', why: '', evidence: '' };
  const [printed] = active;
  if (printed !== undefined || retired !== undefined) {
    const evidence = printed?.target.correction ?? retired?.evidence ?? '';
    return { catalogue: 'stale', why: '', evidence };
  }
  if (isDeclared(listed, options.declared)) return { catalogue: 'declared', why: '', evidence: '' };
  const inactive = closest(found);
  if (inactive === undefined) return { catalogue: 'unlisted', why: '', evidence: '' };
  const { row, target } = inactive;
  const isServed = isOtherwiseServed(row) || (row.feature === 'core' && target.standing === 'documented');
  return { catalogue: isServed ? 'stale' : 'inactive', why: row.why, evidence: '' };
}

interface Found {
  readonly row: Requirement;
  readonly target: Target;
}

/**
 * Of rows that do not apply, the one that asks for the endpoint and not only prints it, and that names it most closely: what
 * one feature no longer needs, the feature that the list speaks of may.
 */
function closest(found: readonly Found[]): Found | undefined {
  const rank = ({ target: { standing, destination } }: Found): number =>
    (standing === 'documented' ? 0 : 1000) + destination.length;
  return [...found].sort((a, b) => rank(b) - rank(a))[0];
}

/**
 * Does the cluster have what the row is for by another way than the firewall, so that it is no feature that the profile
 * forgot? The list names the time server for every cluster, and core endpoints for private ones. Of the old tunnels it speaks
 * only where there is one.
 */
function isOtherwiseServed({ id, feature, why }: Requirement): boolean {
  if (id.startsWith('core/tunnel-')) return false;
  return feature === 'core' || /\bprivate(?:ly)?\b|\bisolated\b|\bcache\b/.test(why);
}

/** Is the listed endpoint what the row asks for there, or a part of it? */
function isOf(listed: Listed, row: Requirement, target: Target): boolean {
  if (row.port !== listed.port || transportOf(row.protocol) !== transportOf(listed.protocol)) return false;
  switch (target.kind) {
    case 'any':
      return true;
    case 'name':
      return nameContains(target.destination.toLowerCase(), listed.destination) || isApiServer(listed, row);
    case 'address': {
      const [mine, theirs] = [target.destination, listed.destination].map(setOf);
      return mine !== undefined && theirs !== undefined && ipContains(mine, theirs);
    }
    case 'service-tag':
    case 'unknown-address':
      // By name or pattern in the list, by address or tag in the article.
      return isApiServer(listed, row);
  }
}

/** A listed pattern around what the row names: `*.azmk8s.io`. */
function holds({ destination, port, protocol }: Listed, row: Requirement, target: Target): boolean {
  return (
    row.port === port &&
    transportOf(row.protocol) === transportOf(protocol) &&
    target.kind === 'name' &&
    nameContains(destination, target.destination.toLowerCase())
  );
}

/** The list calls the API server, and the tunnels to it, by categories of their own. */
function isApiServer({ category }: Listed, { id }: Requirement): boolean {
  const plain = category.toLowerCase();
  if (plain === 'apiserver') return id === 'core/api-server';
  return plain.startsWith('tunnel') && /^core\/(?:tunnel-|api-server$)/.test(id);
}

function setOf(text: string): ReturnType<typeof ipSetOf> | undefined {
  const range = parseIpRange(text);
  return range && ipSetOf([range]);
}

function transportOf(protocol: string): 'TCP' | 'UDP' {
  return protocol === 'UDP' ? 'UDP' : 'TCP';
}

function isDeclared({ destination, port }: Listed, declared: readonly DeclaredEndpoint[]): boolean {
  return declared.some(
    ({ destinations, ports }) =>
      (ports.length === 0 || ports.includes(port)) &&
      destinations.some((text) => nameContains(text.toLowerCase(), destination)),
  );
}

function subjectOf(
  listed: Listed,
  judged: JudgedRequirement,
  { catalogue, why, evidence }: Entry,
  policy: Policy,
  context: RequirementContext,
): Subject<'endpoint'> {
  const { category, destination, protocol, port, description, place } = listed;
  const { verdict } = judged;
  const facts: FactsOf<'endpoint'> = { catalogue, verdict: verdict.verdict, works: verdict.works };
  const deciding = verdict.deniedBy === undefined ? verdict.allowedBy : [{ rule: verdict.deniedBy }];
  const rules = [...new Set(deciding.map(({ rule }) => rule))].filter(({ name }) => name !== '');
  const nearMiss =
    verdict.verdict === 'covered' ? undefined : context.nearMisses(judged.sources).of(verdict.flow);
  return {
    target: 'endpoint',
    facts,
    class: classOf('endpoint', facts),
    open: new ListedView(listed, policy),
    data: {
      destination,
      service: `${protocol} ${port}`,
      category,
      description,
      why,
      evidence,
      supply: supplyOf(judged, policy),
      rule: rules.map(({ name }) => `'${name}'`).join(', '),
      nearMiss: nearMiss?.sentence ?? '',
      leftOut: leftOutText(judged, context),
    },
    identity: `listed ${destination} ${protocol} ${port}`,
    requirement: null,
    entry: null,
    place,
    related: rules.slice(0, 3).map((rule) => ({ text: `rule '${rule.name}' decides it`, place: rule.place })),
  };
}
