import type { TokenCredential } from '@azure/identity';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  errorAt,
  settingOf,
  type Config,
  type ConfigAzure,
  type ConfigPlaceOf,
  type Setting,
} from '../config/config.ts';
import { InterruptedError, UsageError } from '../errors.ts';
import { Arm } from '../live/arm.ts';
import { armCloud } from '../live/cloud.ts';
import { collect } from '../live/collect.ts';
import { parentId } from '../live/ids.ts';
import { listAt, stringsIn, textAt } from '../live/json.ts';
import { loadPackages, type Packages } from '../live/packages.ts';
import { snapshotText, type Snapshot } from '../live/snapshot.ts';
import { checkForm, findTargets, type FoundTargets, type Named, type Targets } from '../live/targets.ts';
import type { Place } from '../model/place.ts';
import { azureFlag, type AzureArguments } from './azure-arguments.ts';
import { clustersOf } from './clusters.ts';
import type { ShownAt } from './findings.ts';
import type { Io } from './io.ts';
import { lintFrom, type Inputs } from './lint.ts';
import { withHelp } from './parsed-values.ts';
import { ReadingProgress } from './progress.ts';

/** The command that lints what is deployed. */
export async function azure(args: AzureArguments, io: Io): Promise<number> {
  const saved = args.save === undefined ? [] : [{ path: args.save, flag: '--save' }];
  return lintFrom(
    { azure: args, outputs: saved, read: (config) => readAzure(args, config, io) },
    args.lint,
    io,
  );
}

/** A target, and where the configuration names it. */
interface Target extends Named {
  readonly place: ConfigPlaceOf | undefined;
}

async function readAzure(args: AzureArguments, config: Config, io: Io): Promise<Inputs> {
  const setting = settingOf(config, 'azure');
  const targets = targetsOf(args, setting, io.env);
  if (targets.firewallPolicy === undefined && targets.firewall === undefined) {
    const folder = existsSync(resolve(io.cwd, 'azure')) ? " The folder 'azure' is linted as ./azure." : '';
    throw new UsageError(
      withHelp(
        `Which firewall? Name it with --firewall-policy or --firewall, by resource id or name, or under 'azure' in the configuration.${folder}`,
      ),
    );
  }
  const { cloud = 'AzureCloud' } = clustersOf(args.lint, config, undefined)[0]?.profile ?? {};
  const { endpoint, scope, authority } = armCloud(
    cloud,
    addressOf(args.armEndpoint, '--arm-endpoint'),
    addressOf(args.armAudience, '--arm-audience'),
  );
  checkForm(targets);
  const packages = await loadPackages();
  if (io.waiting === undefined) throw new Error('Nothing here can wait for answers.');
  const { after, onInterrupt } = io.waiting;
  const end = new AbortController();
  const progress = new ReadingProgress(io);
  const deaf = onInterrupt((signal) => {
    end.abort(new InterruptedError(signal));
  });
  try {
    const arm = new Arm(packages, {
      endpoint,
      scope,
      credential: credentialOf(packages, authority),
      timeout: args.timeout * 1000,
      signal: end.signal,
      after,
      onAnswer: () => {
        progress.answered();
      },
      onWait: (seconds) => {
        progress.waits(seconds);
      },
    });
    const found = await findTargets(arm, targets);
    const snapshot = await collect(arm, found, cloud);
    return inputsOf(snapshot, { args, targets, found });
  } finally {
    deaf();
    progress.clear();
    // What else was asked for at the same time need not be waited for.
    end.abort();
  }
}

/** https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/credential-chains */
function credentialOf({ identity }: Packages, authority: string | undefined): TokenCredential {
  try {
    return new identity.DefaultAzureCredential(authority === undefined ? {} : { authorityHost: authority });
  } catch (error) {
    // AZURE_TOKEN_CREDENTIALS, or an authority that is no https address.
    throw new UsageError(`Azure's credentials: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface LiveTargets extends Targets {
  readonly firewallPolicy: Target | undefined;
  readonly firewall: Target | undefined;
  readonly clusters: readonly Target[];
}

/** A firewall that a flag names stands for both of the configuration. */
function targetsOf(
  args: AzureArguments,
  setting: Setting<ConfigAzure> | undefined,
  env: Io['env'],
): LiveTargets {
  const isFlagged = args.firewallPolicy !== undefined || args.firewall !== undefined;
  const firewalls = isFlagged ? undefined : setting;
  const usual = env['AZURE_SUBSCRIPTION_ID'];
  return {
    firewallPolicy: targetOf(args.firewallPolicy, 'firewallPolicy', firewalls),
    firewall: targetOf(args.firewall, 'firewall', firewalls),
    clusters: clusterTargets(args.clusters, setting),
    subscription:
      targetOf(args.subscription, 'subscription', setting) ??
      (usual === undefined || usual === '' ? undefined : flagged(usual, 'AZURE_SUBSCRIPTION_ID')),
  };
}

/** What a flag says of a key, else the configuration. */
function targetOf(
  text: string | undefined,
  key: Exclude<keyof ConfigAzure, 'cluster'>,
  setting: Setting<ConfigAzure> | undefined,
): Target | undefined {
  if (text !== undefined) return flagged(text, azureFlag(key));
  const said = setting?.value[key];
  if (said === undefined || setting === undefined) return undefined;
  return configured(said, { file: setting.file, pointer: `${setting.pointer}/${key}` });
}

function addressOf(text: string | undefined, flag: string): Target | undefined {
  return text === undefined ? undefined : flagged(text, flag);
}

function flagged(text: string, flag: string): Target {
  return { text, place: undefined, complain: (message) => new UsageError(`${flag}: ${message}`) };
}

function configured(text: string, place: ConfigPlaceOf): Target {
  return { text, place, complain: (message) => errorAt(place, message) };
}

function clusterTargets(flags: readonly string[], setting: Setting<ConfigAzure> | undefined): Target[] {
  if (flags.length > 0) return flags.map((text) => flagged(text, azureFlag('cluster')));
  if (setting === undefined) return [];
  const { file, pointer, value } = setting;
  const { cluster = [] } = value;
  if (typeof cluster === 'string') return [configured(cluster, { file, pointer: `${pointer}/cluster` })];
  return cluster.map((text, index) => configured(text, { file, pointer: `${pointer}/cluster/${index}` }));
}

/** A snapshot as the file that it would be, under its own name where it is saved and else under that of the firewall. */
function inputsOf(
  snapshot: Snapshot,
  { args, targets, found }: { args: AzureArguments; targets: LiveTargets; found: FoundTargets },
): Inputs {
  const text = snapshotText(snapshot);
  const path = args.save ?? (found.firewallPolicy ?? found.firewall)?.id ?? '';
  return {
    files: [{ path, bytes: new TextEncoder().encode(text), named: true }],
    folders: [],
    errors: [],
    shownAt: shownAt(path, snapshot, targets, found),
    saved: args.save === undefined ? [] : [{ path, flag: '--save', text }],
  };
}

/** Shows findings at the line of the configuration that names what they are about. */
function shownAt(
  path: string,
  snapshot: Snapshot,
  targets: LiveTargets,
  found: FoundTargets,
): ShownAt | undefined {
  const firewall = targets.firewallPolicy?.place ?? targets.firewall?.place;
  const clusters = targets.clusters.map(({ place }, index) => ({
    place,
    id: found.clusters[index]?.id.toLowerCase() ?? '',
  }));
  const cluster = clusters.find(({ place }) => place !== undefined)?.place;
  const networks = clusters.map(({ id, place }) => ({ place, ids: networksOf(snapshot, id) }));
  if (firewall === undefined && cluster === undefined) return undefined;
  const places = snapshot.resources.map((resource) => {
    const id = textAt(resource, 'id').toLowerCase();
    const own = clusters.find((one) => id === one.id || id.startsWith(`${one.id}/`))?.place;
    const isBeside =
      /\/providers\/microsoft\.network\/(?:virtualnetworks|routetables|networksecuritygroups)\//.test(id);
    const near = isBeside ? (networks.find(({ ids }) => ids.has(id))?.place ?? cluster) : firewall;
    return own ?? near ?? firewall ?? cluster;
  });
  const listed = snapshot.endpoints.map(
    (list) => clusters.find(({ id }) => id === list.cluster.toLowerCase())?.place ?? cluster,
  );
  const files = [firewall, ...clusters.map(({ place }) => place)].flatMap((place) => place?.file ?? []);
  return {
    of: (place) => {
      if (place.path !== path) return undefined;
      const [, list, index] =
        /^\/(value|outboundNetworkDependenciesEndpoints)\/(\d+)/.exec(place.pointer) ?? [];
      const own = (list === 'value' ? places : listed)[Number(index)];
      const shown = own ?? firewall ?? cluster;
      return shown && placeIn(shown);
    },
    textOf: (name) => files.find((file) => file.path === name)?.text,
  };
}

/** Ids of the virtual networks of a cluster's nodes and pods, and of what their subnets refer to; lower case. */
function networksOf({ resources }: Snapshot, cluster: string): ReadonlySet<string> {
  const own = resources.filter((one) => `${textAt(one, 'id').toLowerCase()}/`.startsWith(`${cluster}/`));
  const named = new Set([...stringsIn(own)].map(({ text }) => text.toLowerCase()));
  const subnets = resources
    .flatMap((one) => listAt(one, 'properties', 'subnets'))
    .filter((subnet) => named.has(textAt(subnet, 'id').toLowerCase()));
  return new Set(
    subnets.flatMap((subnet) =>
      [
        parentId(textAt(subnet, 'id')),
        textAt(subnet, 'properties', 'routeTable', 'id'),
        textAt(subnet, 'properties', 'networkSecurityGroup', 'id'),
      ].map((id) => id.toLowerCase()),
    ),
  );
}

function placeIn({ file, pointer }: ConfigPlaceOf): Place {
  return file.placeOf(pointer);
}
