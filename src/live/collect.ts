import type { Cloud } from '../model/policy.ts';
import { isServiceZone } from '../parsers/cluster/private-zones.ts';
import type { Arm } from './arm.ts';
import { RefusedError } from './failure.ts';
import { distinct, distinctIds, parentId, parseArmId, type ArmId } from './ids.ts';
import { isObject, listAt, stringsIn, textAt, type Json, type JsonObject } from './json.ts';
import { holdsPublicAddress } from './public-addresses.ts';
import {
  readAgentPools,
  readEndpoints,
  readExtensions,
  readOne,
  readPrivateZones,
  readRuleCollectionGroups,
  readServiceTags,
  readZoneLinks,
  READS,
  type ReadType,
} from './requests.ts';
import { ordered, type Snapshot, type Unread } from './snapshot.ts';
import type { FoundTargets } from './targets.ts';

/**
 * Reads everything that judging the targets takes. Rules are read or the run fails: a policy with its parents, their rule
 * collection groups and IP groups, and the cluster. What Azure does not give of the rest is noted in `unread`.
 * Throws an InputError.
 */
export async function collect(arm: Arm, targets: FoundTargets, cloud: Cloud): Promise<Snapshot> {
  const collector = new Collector(arm);
  await Promise.all([
    collector.rules(targets),
    inTurns(distinct(targets.clusters), (cluster) => collector.cluster(cluster)),
  ]);
  await Promise.all([
    collector.serviceTags(targets),
    targets.clusters.length === 0 ? undefined : collector.privateZones(),
  ]);
  return collector.snapshot(cloud);
}

const POLICY = 'microsoft.network/firewallpolicies';
const FIREWALL = 'microsoft.network/azurefirewalls';

class Collector {
  readonly #arm: Arm;
  /** By id, lower case. */
  readonly #resources = new Map<string, Promise<JsonObject | undefined>>();
  readonly #found: JsonObject[] = [];
  readonly #endpoints: { cluster: string; value: readonly JsonObject[] }[] = [];
  readonly #unread: Unread[] = [];
  readonly #targets: string[] = [];
  #serviceTags: JsonObject | undefined;

  constructor(arm: Arm) {
    this.#arm = arm;
  }

  snapshot(cloud: Cloud): Snapshot {
    return ordered({
      cloud,
      targets: this.#targets,
      resources: this.#found,
      endpoints: this.#endpoints,
      serviceTags: this.#serviceTags,
      unread: this.#unread,
    });
  }

  async rules({ firewallPolicy, firewall }: FoundTargets): Promise<void> {
    const named = firewall && (await this.#needed(FIREWALL, firewall));
    const own = parseArmId(textAt(named, 'properties', 'firewallPolicy', 'id'));
    const policies = [firewallPolicy, own].filter((policy) => policy !== undefined);
    this.#targets.push(...distinctIds([...policies, firewall ?? []].flat().map(({ id }) => id)));
    for (const policy of policies) await this.#chain(policy);
    if (named !== undefined) await this.#ipGroups(named);
  }

  /** A policy with everything that it inherits, each once: a chain that leads in a circle ends there. */
  async #chain(policy: ArmId): Promise<void> {
    let next: ArmId | undefined = policy;
    while (next !== undefined && !this.#resources.has(next.id.toLowerCase())) {
      const id: ArmId = next;
      const [body, groups] = await Promise.all([
        this.#needed(POLICY, id),
        readRuleCollectionGroups(this.#arm, id),
      ]);
      this.#found.push(...groups);
      await inTurns(groups, (group) => this.#ipGroups(group));
      if (id === policy) {
        const firewalls = listAt(body, 'properties', 'firewalls').map((one) => textAt(one, 'id'));
        await inTurns(firewalls, (firewall) => this.#wanted(FIREWALL, firewall));
      }
      next = parseArmId(textAt(body, 'properties', 'basePolicy', 'id'));
    }
  }

  async #ipGroups(holder: JsonObject): Promise<void> {
    const ids = [...stringsIn(holder)].flatMap(({ text }) => {
      const id = parseArmId(text);
      return id?.type === 'microsoft.network/ipgroups' ? id.id : [];
    });
    await inTurns(distinctIds(ids), async (id) => {
      const parsed = parseArmId(id);
      if (parsed !== undefined) await this.#needed('microsoft.network/ipgroups', parsed);
    });
  }

  async cluster(cluster: ArmId): Promise<void> {
    const [body, pools] = await Promise.all([
      this.#needed('microsoft.containerservice/managedclusters', cluster),
      this.#optional(
        'Microsoft.ContainerService/managedClusters/agentPools',
        readAgentPools(this.#arm, cluster),
      ),
      this.#extensions(cluster),
      this.#endpointList(cluster),
    ]);
    this.#found.push(...(pools ?? []));
    const profiles = [
      ...listAt(body, 'properties', 'agentPoolProfiles'),
      ...(pools ?? []).map((pool) => pool['properties'] ?? null),
    ];
    const subnets = profiles.flatMap((profile) => [
      textAt(profile, 'vnetSubnetID'),
      textAt(profile, 'podSubnetID'),
    ]);
    await this.#networks(distinctIds(subnets.filter((id) => id !== '')));
  }

  /** The virtual networks of subnets, with the route tables and security groups of those subnets. */
  async #networks(subnets: readonly string[]): Promise<void> {
    const wanted = new Set(subnets.map((id) => id.toLowerCase()));
    await inTurns(distinctIds(subnets.map(parentId)), async (id) => {
      const network = await this.#wanted('microsoft.network/virtualnetworks', id);
      const own = listAt(network, 'properties', 'subnets').filter((subnet) =>
        wanted.has(textAt(subnet, 'id').toLowerCase()),
      );
      await inTurns(own, async (subnet) => {
        await this.#wanted('microsoft.network/routetables', textAt(subnet, 'properties', 'routeTable', 'id'));
        await this.#wanted(
          'microsoft.network/networksecuritygroups',
          textAt(subnet, 'properties', 'networkSecurityGroup', 'id'),
        );
      });
    });
  }

  async #extensions(cluster: ArmId): Promise<void> {
    const reading = readExtensions(this.#arm, cluster).catch((error: unknown) => {
      // Nobody ever used extensions in the subscription, so the cluster has none.
      if (error instanceof RefusedError && error.code === 'MissingSubscriptionRegistration') return [];
      throw error;
    });
    const extensions = await this.#optional('Microsoft.KubernetesConfiguration/extensions', reading);
    this.#found.push(...(extensions ?? []));
  }

  async #endpointList(cluster: ArmId): Promise<void> {
    const type = 'Microsoft.ContainerService/managedClusters/outboundNetworkDependenciesEndpoints';
    const value = await this.#optional(type, readEndpoints(this.#arm, cluster));
    if (value !== undefined) this.#endpoints.push({ cluster: cluster.id, value });
  }

  /**
   * Private zones that decide whether a cluster reaches a service by a private endpoint, in each subscription that something
   * was read of: they are often kept with the hub.
   */
  async privateZones(): Promise<void> {
    const subscriptions = this.#found.map(
      (one) => /^\/subscriptions\/([^/]+)/i.exec(textAt(one, 'id'))?.[1] ?? '',
    );
    await inTurns(distinctIds(subscriptions), async (subscription) => {
      const type = 'Microsoft.Network/privateDnsZones';
      const zones = (await this.#optional(type, readPrivateZones(this.#arm, subscription))) ?? [];
      await inTurns(
        zones.filter((zone) => isServiceZone(textAt(zone, 'name'))),
        async (zone) => {
          const reading = readZoneLinks(this.#arm, textAt(zone, 'id'));
          const links = await this.#optional(`${type}/virtualNetworkLinks`, reading);
          this.#found.push(zone, ...(links ?? []));
        },
      );
    });
  }

  /** They are several megabytes, so they are read only where a rule has public addresses that they can be compared with. */
  async serviceTags({ firewallPolicy, firewall }: FoundTargets): Promise<void> {
    const target = firewallPolicy ?? firewall;
    const region = this.#found.map((one) => textAt(one, 'location')).find((location) => location !== '');
    if (target === undefined || region === undefined || !this.#found.some(holdsPublicAddress)) return;
    const reading = readServiceTags(this.#arm, target.subscription, region);
    this.#serviceTags = await this.#optional('Microsoft.Network/serviceTags', reading);
  }

  /** A resource without which nothing can be judged. */
  async #needed(type: ReadType, id: ArmId): Promise<JsonObject | undefined> {
    return this.#once(id, async () => readOne(this.#arm, type, id));
  }

  /** A resource that tells more. */
  async #wanted(type: ReadType, text: string): Promise<JsonObject | undefined> {
    const id = parseArmId(text);
    if (id?.type !== type) return undefined;
    return this.#once(id, () =>
      this.#optional(READS[type].action.replace(/\/read$/, ''), readOne(this.#arm, type, id)),
    );
  }

  #once(id: ArmId, read: () => Promise<JsonObject | undefined>): Promise<JsonObject | undefined> {
    const key = id.id.toLowerCase();
    const known = this.#resources.get(key);
    if (known !== undefined) return known;
    const reading = read().then((body) => {
      const kept = body && withoutPasswords(body);
      if (kept !== undefined) this.#found.push(kept);
      return kept;
    });
    this.#resources.set(key, reading);
    return reading;
  }

  /** Undefined where Azure refuses it or does not have it; every other failure is one of the run. */
  async #optional<T>(type: string, reading: Promise<T>): Promise<T | undefined> {
    try {
      return await reading;
    } catch (error) {
      if (!(error instanceof RefusedError) || ![400, 403, 404, 409].includes(error.status)) throw error;
      const { what, id, action } = error.asked;
      const answer = `${error.status}${error.code === '' ? '' : ` ${error.code}`}`;
      this.#unread.push({ type, id, what, answer, action });
      return undefined;
    }
  }
}

/** Many at a time make Azure throttle. */
const AT_A_TIME = 6;

async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** The one place where Azure returns what may be a secret: a proxy's address with a password in it. */
function withoutPasswords(body: JsonObject): JsonObject {
  const { properties } = body;
  if (!isObject(properties) || !isObject(properties['httpProxyConfig'])) return body;
  const config = Object.entries(properties['httpProxyConfig']).map(([name, value]): [string, Json] => [
    name,
    typeof value === 'string' ? value.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1') : value,
  ]);
  return { ...body, properties: { ...properties, httpProxyConfig: Object.fromEntries(config) } };
}
