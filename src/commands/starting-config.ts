import { scalar } from '../config/yaml-text.ts';
import { parseIpRange } from '../model/address.ts';
import type { Report, Run } from '../reporters/report.ts';

/** What a look at the files of a repository showed. */
export interface Found {
  /** Files with rules. */
  readonly files: Report['inputs'];
  /** Of Terraform configurations, without modules that lie in them. */
  readonly folders: readonly string[];
  readonly parameters: readonly string[];
  /** Files of values of Terraform variables that Terraform does not load by itself. */
  readonly values: readonly string[];
  readonly runs: readonly Run[];
}

const SCHEMA =
  'https://raw.githubusercontent.com/aks-egress-lint/aks-egress-lint/main/schemas/config.schema.json';
const DOCS = 'https://github.com/aks-egress-lint/aks-egress-lint/blob/main/docs';

/** More files are counted instead of named. */
const MOST_FILES = 20;

/** One cluster as the rules show it. */
interface Shown {
  readonly cloud: string;
  /** Undefined where the rules do not tell. */
  readonly region: string | undefined;
  /** Address ranges; empty where the rules do not tell, or only by parameters. */
  readonly sources: readonly string[];
  readonly policies: readonly string[];
}

/** A commented configuration in YAML; it is valid as it stands. */
export function startingConfig(found: Found): string {
  const clusters = clustersIn(found.runs);
  const lines = [
    `# yaml-language-server: $schema=${SCHEMA}`,
    "# Configuration of aks-egress-lint, written by 'aks-egress-lint init' from what the files show.",
    `# Every key: ${DOCS}/configuration.md`,
    ...filesFound(found),
    '',
    '# Presets (recommended, strict, audit) and files of your own; later ones win.',
    'extends: [recommended]',
    '',
    ...(clusters.length > 1 ? severalClusters(clusters) : oneCluster(clusters[0])),
    '',
    '# What workloads need beyond AKS: rules for it are declared, not unneeded.',
    '# allow:',
    "#   - destinations: ['*.shop.example.com']",
    '#     ports: [443]',
    '#     reason: payment provider',
    '#     owner: team shop',
    '',
    "# Levels of checks: error, warning, note or off. 'aks-egress-lint checks' lists them.",
    '# checks:',
    '#   redundant-entry: off',
    '',
    '# Findings that are known and accepted, each with the reason and, at will, its last day.',
    '# suppressions:',
    '#   - check: broad-port',
    '#     collection: group/collection',
    '#     reason: moves to port 443 with the new release',
    '#     until: 2026-12-31',
    ...filesToName(
      'parameters',
      'Parameter files that were found; name those that belong to the templates.',
      found.parameters,
    ),
    ...filesToName(
      'varFiles',
      'Values of Terraform variables that were found; name those that are deployed.',
      found.values,
    ),
    '',
    '# From which level on a run fails: error, warning, note, unknown or never.',
    'failOn: error',
  ];
  return `${lines.join('\n')}\n`;
}

function filesFound({ files }: Found): string[] {
  if (files.length === 0) {
    return ['#', '# No firewall configuration was found below this folder, so what follows are examples.'];
  }
  const named = files
    .slice(0, MOST_FILES)
    .map(({ path, format, rules }) => `#   ${oneLine(path)} (${format}, ${rules} rules)`);
  const left = files.length - named.length;
  return ['#', '# Found:', ...named, ...(left > 0 ? [`#   and ${left} more`] : [])];
}

/** Runs of one cloud, region and network show one cluster, whichever policies serve it. */
function clustersIn(runs: readonly Run[]): Shown[] {
  const shown = new Map<string, { -readonly [K in keyof Shown]: Shown[K] }>();
  for (const run of runs) {
    if (run.sourcesFrom === 'none') continue;
    const sources = run.sources.every((text) => parseIpRange(text) !== undefined) ? run.sources : [];
    const region = /^[a-z0-9]+$/.test(run.region) ? run.region : undefined;
    const key = JSON.stringify([run.cloud, region, sources]);
    const known = shown.get(key);
    if (known === undefined) shown.set(key, { cloud: run.cloud, region, sources, policies: [run.policy] });
    else if (!known.policies.includes(run.policy)) known.policies = [...known.policies, run.policy];
  }
  return [...shown.values()];
}

const PROFILE = `# Facts of the cluster; what is not given has a default: ${DOCS}/profile.md`;
const BASE = 'base: public # or private, network-isolated: the files do not say';
const FEATURES = '# features: [azure-policy, defender] # add-ons in use';

function oneCluster(cluster: Shown | undefined): string[] {
  const from = cluster === undefined ? '' : ` # as the rules of ${policies(cluster)} show`;
  return [
    PROFILE,
    'profile:',
    `  ${BASE}`,
    ...(cluster === undefined || cluster.cloud === 'AzureCloud' ? [] : [`  cloud: ${cluster.cloud}${from}`]),
    cluster?.region === undefined ? '  # region: westeurope' : `  region: ${cluster.region}${from}`,
    `  ${FEATURES}`,
    '',
    "# The cluster's node and pod networks.",
    ...(cluster === undefined || cluster.sources.length === 0
      ? ['# sources: [10.240.0.0/22]']
      : [`sources:${from}`, ...cluster.sources.map((range) => `  - ${scalar(range)}`)]),
  ];
}

/** A hub serves several clusters; which is which only its owner knows. */
function severalClusters(clusters: readonly Shown[]): string[] {
  return [
    '# Facts that all clusters share; a cluster may have a profile of its own.',
    PROFILE,
    'profile:',
    `  ${BASE}`,
    `  ${FEATURES}`,
    '',
    "# The rules show several networks that may be a cluster's. Name each, or remove what is none.",
    clusters.some(isNameable) ? 'clusters:' : '# clusters:',
    ...clusters.flatMap((cluster, at) => {
      const lines = [
        `  - name: cluster-${at + 1} # as the rules of ${policies(cluster)} show`,
        ...profileLines(cluster),
        ...(cluster.sources.length === 0 ? [] : [`    sources: [${cluster.sources.map(scalar).join(', ')}]`]),
      ];
      // Without the names of its policies a cluster would be judged for all of them.
      return isNameable(cluster)
        ? [...lines, `    policies: [${cluster.policies.map(scalar).join(', ')}]`]
        : [...lines, '    policies: [] # their names as the files have them'].map((line) => `#${line}`);
    }),
  ];
}

/** A name that holds an expression names no policy. */
function isNameable({ policies: names }: Shown): boolean {
  return names.every((name) => name !== '' && !name.includes('['));
}

function profileLines({ cloud, region }: Shown): string[] {
  const facts = [
    ...(cloud === 'AzureCloud' ? [] : [`      cloud: ${cloud}`]),
    ...(region === undefined ? [] : [`      region: ${region}`]),
  ];
  return facts.length === 0 ? [] : ['    profile:', ...facts];
}

function policies({ policies: names }: Shown): string {
  if (names.length > 3) return `${names.length} policies`;
  const shown = names.map((name) => (name.includes('[') ? '(its name is an expression)' : oneLine(name)));
  return `policy ${shown.join(', ')}`;
}

function filesToName(key: string, advice: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  return ['', `# ${advice}`, `# ${key}: [${paths.map((path) => oneLine(scalar(path))).join(', ')}]`];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
