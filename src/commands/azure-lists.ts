import { azureCloudTagRegion } from '../azure/regions.ts';
import { UNNAMED_REGION, type TagList } from '../coverage/index.ts';
import { ListedEndpoints } from '../coverage/listed-endpoints.ts';
import { meantTag } from '../coverage/tag-addresses.ts';
import { UsageError } from '../errors.ts';
import type { Cloud } from '../model/policy.ts';
import { hasSymbol, showSymbols } from '../model/symbol.ts';
import { readEgressEndpoints, type EgressEndpoints } from '../parsers/azure-lists/egress-endpoints.ts';
import { readServiceTags, type ServiceTags } from '../parsers/azure-lists/service-tags.ts';
import { member, readList, type ListInput } from '../parsers/azure-lists/list-file.ts';
import type { InputFile } from '../parsers/index.ts';
import { locationOfApiServer } from '../profile/location.ts';
import type { OpenFact, ProfileFact, ProfilePart } from '../profile/profile.ts';
import type { FactName } from '../profile/facts.ts';
import type { Judged } from './findings.ts';
import type { Cluster, JudgeRequest } from './pipeline.ts';

/** A list of egress endpoints, and the cluster that it is of. */
export interface EndpointListFile {
  readonly file: ListInput;
  /** Undefined for the only cluster of the run. */
  readonly cluster?: string | undefined;
}

interface EndpointList extends EgressEndpoints {
  readonly cluster: string | undefined;
}

type ListRequest = Pick<JudgeRequest, 'serviceTags' | 'endpointLists' | 'declared' | 'asOf'>;

/** A request with the lists of the snapshots in it: what was read from Azure has what Azure lists. */
export function withSnapshots<T extends ListRequest>(request: T, snapshots: readonly InputFile[]): T {
  const found = snapshots.map((file) => {
    const { root } = readList(file, 'expected a snapshot');
    const lists: unknown = member(root, 'outboundNetworkDependenciesEndpoints');
    return {
      tags: member(root, 'serviceTags') === undefined ? undefined : { ...file, at: '/serviceTags' },
      endpoints: (Array.isArray(lists) ? lists : []).flatMap((list: unknown, index): EndpointListFile[] => {
        const rows = member(list, 'value');
        const cluster = String(member(list, 'cluster')).split('/').at(-1);
        const at = `/outboundNetworkDependenciesEndpoints/${index}`;
        return Array.isArray(rows) && rows.length > 0 ? [{ file: { ...file, at }, cluster }] : [];
      }),
    };
  });
  return {
    ...request,
    serviceTags: request.serviceTags ?? found.find(({ tags }) => tags !== undefined)?.tags,
    endpointLists: [...(request.endpointLists ?? []), ...found.flatMap(({ endpoints }) => endpoints)],
  };
}

/** What Azure says beside the firewall: its service tags, and the endpoints that it lists for clusters. */
export class AzureLists {
  readonly tagList: TagList | undefined;
  readonly #tags: ServiceTags | undefined;
  readonly #lists: readonly EndpointList[];
  readonly #request: ListRequest;
  readonly #listed = new Map<Cluster, ListedEndpoints>();

  /** @throws {InputError} for a file that is no such list */
  constructor(request: ListRequest) {
    const { serviceTags, endpointLists = [] } = request;
    this.#request = request;
    this.#tags = serviceTags && readServiceTags(serviceTags);
    this.tagList = this.#tags && tagListOf(this.#tags);
    this.#lists = endpointLists.map(({ file, cluster }) => ({ ...readEgressEndpoints(file), cluster }));
  }

  /** Texts of the files in which findings may stand. */
  get texts(): readonly (readonly [path: string, text: string])[] {
    return this.#lists.map(({ path, text }) => [path, text]);
  }

  /** What the lists of a cluster tell of it, by its name; null for the only one. */
  partOf(cluster: string | null): ProfilePart | undefined {
    const endpoints = this.#of(cluster).flatMap((list) => list.endpoints);
    return endpoints.length === 0 ? undefined : partOfEndpoints(endpoints);
  }

  /**
   * Checks that each list is of the clusters that are judged.
   * @throws {UsageError}
   */
  verify(clusters: readonly Cluster[]): void {
    for (const { name, profile } of clusters) this.#verifyCloud(name, profile.cloud);
    const homeless = this.#lists.find(({ cluster }) => cluster === undefined);
    if (homeless !== undefined && clusters.length > 1) {
      const names = clusters.map(({ name }) => `'${name ?? ''}'`).join(', ');
      throw new UsageError(
        `--endpoints: ${homeless.path} is the list of one cluster, and this run has ${clusters.length}: ${names}. Name the file in the configuration, as endpoints of its cluster under clusters.`,
      );
    }
  }

  #verifyCloud(cluster: string | null, cloud: Cloud): void {
    const tags = this.#tags;
    if (tags === undefined || tags.cloud === cloud) return;
    const subject = cluster === null ? 'the cluster' : `cluster '${cluster}'`;
    throw new UsageError(
      `--service-tags: ${tags.path} is of ${tags.cloud} (it says ${tags.cloudName}), and the cloud of ${subject} is ${cloud}. Give the list of that cloud, or correct --cloud.`,
    );
  }

  /** The endpoints that are listed for the cluster; undefined where it has no list. */
  listedFor(cluster: Cluster): ListedEndpoints | undefined {
    const known = this.#listed.get(cluster);
    if (known !== undefined) return known;
    const endpoints = this.#of(cluster.name).flatMap((list) => list.endpoints);
    if (endpoints.length === 0) return undefined;
    const { declared, asOf } = this.#request;
    const seen = new Set<string>();
    const distinct = endpoints.filter(({ destination, protocol, port }) => {
      const key = `${destination} ${protocol} ${port}`;
      return !seen.has(key) && seen.add(key);
    });
    const listed = new ListedEndpoints(distinct, { cloud: cluster.profile.cloud, declared, asOf });
    this.#listed.set(cluster, listed);
    return listed;
  }

  /** Finished sentences. */
  notices(clusters: readonly Cluster[], judged: readonly Judged[]): string[] {
    return [
      ...(this.#tags === undefined || this.tagList === undefined
        ? []
        : tagNotices(this.#tags, this.tagList, judged)),
      ...this.#lists.flatMap(listNotices),
      ...this.#pageNotices(),
      ...clusters.flatMap((cluster) => this.#otherClusterNotices(cluster)),
      ...clusters.flatMap((cluster) => this.#lackNotices(cluster, judged)),
    ];
  }

  #of(cluster: string | null): readonly EndpointList[] {
    const name = cluster?.toLowerCase();
    return this.#lists.filter((list) => list.cluster === undefined || list.cluster.toLowerCase() === name);
  }

  /** A list of another cluster has its endpoints: what it tells is of no use here, and must not pass in silence. */
  #otherClusterNotices({ name, profile }: Cluster): string[] {
    const { cloud, region, apiServerFqdn } = profile;
    const subject = name === null ? 'the cluster' : `cluster '${name}'`;
    return this.#of(name).flatMap(({ path, endpoints }) => {
      const notices = serversOf(endpoints).flatMap((listed): string[] => {
        const server = listed.destination;
        const there = locationOfApiServer({ value: server, ...originOf(listed) });
        const lists = `${path} lists the API server ${server},`;
        const seems = 'It seems to be the list of another cluster.';
        if (there !== undefined && there.cloud.value !== cloud)
          return [`${lists} which is in ${there.cloud.value}, and ${subject} is in ${cloud}. ${seems}`];
        if (there?.region !== undefined && region !== undefined && there.region.value !== region.value)
          return [
            `${lists} which is in ${there.region.value}, and ${subject} is in ${region.value}. ${seems}`,
          ];
        const own = apiServerFqdn?.value.toLowerCase();
        return own === undefined || own === server || isPrivateServer(own) !== isPrivateServer(server)
          ? []
          : [`${lists} and that of ${subject} is ${own}. ${seems}`];
      });
      return [...new Set(notices)];
    });
  }

  #pageNotices(): string[] {
    const pages = this.#lists.filter(({ isPage }) => isPage);
    // The last of several pages names no further one.
    return pages.length === 0 || pages.length < this.#lists.length
      ? []
      : [
          `${pages.map(({ path }) => path).join(', ')}: names a further page of the list (nextLink), which was not given.`,
        ];
  }

  #lackNotices(cluster: Cluster, judged: readonly Judged[]): string[] {
    const listed = this.listedFor(cluster);
    const first = judged.find((one) => one.cluster === cluster.name)?.judgement.runs[0];
    if (listed === undefined || first === undefined) return [];
    const lacking = listed.lacking([...new Set(first.requirements.map(({ requirement }) => requirement))]);
    if (lacking.length === 0) return [];
    const subject = cluster.name === null ? '' : ` of cluster '${cluster.name}'`;
    const what = lacking.length === 1 ? 'destination' : 'destinations';
    return [
      `The endpoint list${subject} lacks ${lacking.length} ${what} that the catalogue has for the cluster: ${lacking.join(', ')}. It asks for them all the same, since such lists are known to be incomplete.`,
    ];
  }
}

function tagListOf(tags: ServiceTags): TagList {
  return {
    cloud: tags.cloud,
    name: tags.change === '' ? tags.path : `service tags, change ${tags.change}`,
    has: (tag) => tags.has(tag),
    addresses: (tag) => tags.addresses(tag),
    regional: (base) => tags.regional(base),
    spellingOf: (region) => tags.spellingOf(region),
  };
}

function tagNotices(tags: ServiceTags, list: TagList, judged: readonly Judged[]): string[] {
  const change = tags.change === '' ? 'a list without a change number' : `change ${tags.change}`;
  const unknown = new Map<string, string>();
  for (const { judgement } of judged) {
    for (const { destinations } of judgement.policy.rules) {
      for (const destination of destinations) {
        if (destination.kind !== 'service-tag' || hasSymbol(destination.tag)) continue;
        const { tag } = destination;
        // One with a region that is spelled wrong is a finding.
        if (!tags.has(tag) && meantTag(tag, list) === undefined) unknown.set(tag.toLowerCase(), tag);
      }
    }
  }
  const hasV6 = judged.some(({ judgement }) =>
    judgement.runs.some(({ sources }) => (sources?.ip.v6.length ?? 0) > 0),
  );
  return [
    `Service tags hold the addresses of ${change} of ${tags.cloud} (${tags.path}).`,
    ...(unknown.size === 0
      ? []
      : [
          `${tags.path} does not have ${[...unknown.values()]
            .sort()
            .map((tag) => `'${showSymbols(tag)}'`)
            .join(', ')}, so what such a tag holds is not known.`,
        ]),
    ...regionNotices(tags, judged),
    ...(hasV6
      ? [
          'For networks with IPv6 addresses, service tags were compared by name only: their addresses are compared for IPv4.',
        ]
      : []),
  ];
}

/** Addresses written by hand are compared with those of the region; where that cannot be, silence would look like it was. */
function regionNotices(tags: ServiceTags, judged: readonly Judged[]): string[] {
  const regions = new Set(judged.flatMap(({ judgement }) => judgement.runs.map(({ region }) => region)));
  return [...regions].sort().flatMap((region) => {
    if (region === '' || region === UNNAMED_REGION || hasSymbol(region))
      return [
        'The region is not known, so no addresses were compared with those of an AzureCloud tag. Give it with --region.',
      ];
    const tag = `AzureCloud.${azureCloudTagRegion(region)}`;
    if ((tags.addresses(tag)?.v4.length ?? 0) > 0) return [];
    const lacks = tags.has(tag) ? `has no IPv4 addresses of '${tag}'` : `does not have '${tag}'`;
    return [`${tags.path} ${lacks}, so no addresses were compared with those of the region.`];
  });
}

function listNotices({ path, withoutPort }: EndpointList): string[] {
  return withoutPort.length === 0
    ? []
    : [`${path}: lists ${withoutPort.join(', ')} without a port, so that it was not judged.`];
}

type Listed = EgressEndpoints['endpoints'][number];

/** Ports of the tunnels that konnectivity replaced: tunnel-front, aks-link, and SSH in Azure operated by 21Vianet. */
const OLD_TUNNELS = new Set([22, 1194, 9000]);

/** What the endpoints tell of the cluster itself. What they leave out tells nothing. */
function partOfEndpoints(endpoints: readonly Listed[]): ProfilePart {
  const facts = new Map<FactName, ProfileFact>();
  const tunnel = endpoints.find(({ category, port }) => /^tunnel/i.test(category) && OLD_TUNNELS.has(port));
  if (tunnel !== undefined) facts.set('konnectivity', { value: false, ...originOf(tunnel) });
  const servers = serversOf(endpoints);
  const privateOne = servers.find(({ destination }) => isPrivateServer(destination));
  if (privateOne !== undefined) facts.set('privateCluster', { value: true, ...originOf(privateOne) });
  const [server] = servers;
  const isOnly = new Set(servers.map(({ destination }) => destination)).size === 1;
  return {
    facts,
    ...(server !== undefined && isOnly
      ? { apiServerFqdn: { value: server.destination, ...originOf(server) } }
      : {}),
  };
}

function serversOf(endpoints: readonly Listed[]): readonly Listed[] {
  return endpoints.filter(
    ({ category, destination }) => category.toLowerCase() === 'apiserver' && isHost(destination),
  );
}

/** In a zone of AKS or one of the user's: https://learn.microsoft.com/azure/aks/private-clusters#configure-a-private-dns-zone */
function isPrivateServer(host: string): boolean {
  return /\.private(?:link)?\./.test(host);
}

function isHost(destination: string): boolean {
  return !destination.includes('*') && /[a-z]/.test(destination) && destination.includes('.');
}

function originOf({ place }: Listed): Omit<OpenFact<unknown>, 'value'> {
  return { from: 'inferred', path: place.path, pointer: place.pointer };
}
