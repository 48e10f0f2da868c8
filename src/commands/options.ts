import type { Options } from 'yargs';
import { FORMATS } from '../reporters/index.ts';
import { FAIL_ON } from './threshold.ts';

/** Flags by name, as yargs takes them. Values are checked in arguments.ts, so that its messages can suggest. */
export type OptionTable = Readonly<Record<string, Options>>;

/** Objects of appliances, as src/reporters/object-forms.ts prints them. */
export const OBJECT_FORMATS = [
  'panos',
  'panos-edl',
  'fortios',
  'fortios-feed',
  'checkpoint',
  'cisco-asa',
] as const;
export const REQUIREMENT_FORMATS = ['pretty', 'json', 'markdown', ...OBJECT_FORMATS] as const;

export const BICEP_READERS = ['source', 'cli'] as const;

/** What reads Bicep: this program, or the compiler on PATH. */
export type BicepReader = (typeof BICEP_READERS)[number];
export type RequirementFormat = (typeof REQUIREMENT_FORMATS)[number];

function value(group: string, describe: string, extra: Options = {}): Options {
  return { type: 'string', requiresArg: true, group, describe, ...extra };
}

function flag(group: string, describe: string, extra: Options = {}): Options {
  return { type: 'boolean', group, describe, ...extra };
}

const CLUSTER = 'Cluster (also in the configuration file, where flags win):';
const OUTPUT = 'Output:';
const INPUT = 'Input:';
const BASELINE = 'Baseline:';
export const OTHER = 'Other:';

export const PROFILE_OPTIONS: OptionTable = {
  profile: value(CLUSTER, 'public, private or network-isolated'),
  cloud: value(CLUSTER, 'AzureCloud, AzureChinaCloud or AzureUSGovernment'),
  region: value(CLUSTER, 'Azure region of the cluster, such as westeurope'),
  feature: value(CLUSTER, 'Features in use, comma-separated; repeatable'),
  source: value(CLUSTER, "Address range of the cluster's nodes, or POOL=RANGE; repeatable"),
};

const CONFIG_FILE_OPTIONS: OptionTable = {
  config: value(OTHER, 'Configuration file; otherwise one is looked for up to the repository root'),
  'no-config': flag(OTHER, 'Look for no configuration file'),
};

export const CONFIG_OPTIONS: OptionTable = {
  ...CONFIG_FILE_OPTIONS,
  'as-of': value(OTHER, 'Judge by what Microsoft required on this day, YYYY-MM-DD'),
};

export const COMMON_OPTIONS: OptionTable = {
  color: flag(OUTPUT, 'Colour the text, whatever the terminal and NO_COLOR say'),
  'no-color': flag(OUTPUT, 'Do not colour the text'),
  debug: flag(OTHER, 'Show a stack trace if the program itself fails'),
};

/** Of what may hold a cluster. */
const CLUSTER_FILE_OPTIONS: OptionTable = {
  parameters: value(INPUT, 'Parameter file of the templates; repeatable, later files win'),
  cluster: value(INPUT, 'File or folder that holds the cluster, so that it says what it needs; repeatable'),
  endpoints: value(INPUT, "List of the cluster's endpoints: az aks egress-endpoints list; repeatable"),
  'service-tags': value(
    INPUT,
    "Microsoft's list of service tags, to compare addresses with: ServiceTags_*.json",
  ),
  'var-file': value(INPUT, 'Values of Terraform variables; repeatable, later files win'),
  bicep: value(INPUT, `What reads Bicep: ${BICEP_READERS.join(', ')} (the compiler on PATH)`, {
    defaultDescription: 'source',
  }),
  'bicep-cache': value(INPUT, "Folder with what 'bicep restore' fetched", { defaultDescription: '~/.bicep' }),
};

export const LINT_OPTIONS: OptionTable = {
  ...CLUSTER_FILE_OPTIONS,
  'base-policy': value(INPUT, 'File with the parent policy, judged only as part of others; repeatable'),
  'source-root': value(INPUT, 'Folder of the source of a plan, a state or compiled Bicep'),
  'from-zone': value(INPUT, 'Zone or interface of an appliance by which traffic of AKS comes in; repeatable'),
  'to-zone': value(INPUT, 'Zone or interface by which it leaves to the Internet; repeatable'),
  'sees-dns': flag(INPUT, 'Every DNS answer for AKS passes the appliance, so that it knows wildcards'),
  policy: value(INPUT, 'Judge only the policy of this name; repeatable'),
  format: value(OUTPUT, `Form of standard output: ${FORMATS.join(', ')}`, {
    alias: 'f',
    defaultDescription: 'pretty',
  }),
  output: value(OUTPUT, 'Write a report to a file too, as FORMAT=FILE; repeatable', { alias: 'o' }),
  'fail-on': value(OUTPUT, `Exit with 1 from this level on: ${FAIL_ON.join(', ')}`, {
    defaultDescription: 'error',
  }),
  strict: flag(OUTPUT, 'Use the strict preset: what cannot be decided is an error'),
  quiet: flag(OUTPUT, 'Show errors only in the text report', { alias: 'q' }),
  all: flag(OUTPUT, 'Report requirements that do not apply too'),
  baseline: value(BASELINE, 'Leave out findings that this file holds'),
  'write-baseline': value(
    BASELINE,
    'Write all findings of this run to this file, so that only new ones count',
  ),
  'prune-baseline': flag(BASELINE, 'Remove from the file of --baseline what no longer occurs'),
  'print-config': flag(
    OTHER,
    'Print the resolved configuration, with the origin of each value, and lint nothing',
  ),
  'sarif-include-suppressed': flag(OUTPUT, 'Write suppressed findings to SARIF, marked as such'),
};

const AZURE = 'Azure (targets also in the configuration file, where flags win):';

/** What of the flags for files has a meaning for what is read from Azure. */
const SHARED = [
  'endpoints',
  'service-tags',
  'format',
  'output',
  'fail-on',
  'strict',
  'quiet',
  'all',
  'baseline',
  'write-baseline',
  'prune-baseline',
  'print-config',
  'sarif-include-suppressed',
];

export const AZURE_OPTIONS: OptionTable = {
  'firewall-policy': value(AZURE, 'Firewall policy: its resource id, or its name'),
  firewall: value(AZURE, 'Azure Firewall with rules or a policy of its own: its id or name'),
  cluster: value(AZURE, 'AKS cluster: its id or name, so that it says what it needs; repeatable'),
  subscription: value(AZURE, 'Subscription in which names are looked up: its id or name'),
  'arm-endpoint': value(AZURE, "Address of Azure Resource Manager, if not the cloud's: Azure Stack"),
  'arm-audience': value(AZURE, "For whom tokens are, if not for the cloud's Azure Resource Manager"),
  timeout: value(AZURE, 'Seconds to wait for each answer', { defaultDescription: '60' }),
  save: value(OUTPUT, 'Write what was read to this file, which can be linted like any other'),
  ...Object.fromEntries(Object.entries(LINT_OPTIONS).filter(([name]) => SHARED.includes(name))),
};

export const REQUIREMENTS_OPTIONS: OptionTable = {
  ...CLUSTER_FILE_OPTIONS,
  format: value(OUTPUT, `Form of the list: ${REQUIREMENT_FORMATS.join(', ')}`, {
    alias: 'f',
    defaultDescription: 'pretty',
  }),
  all: flag(OUTPUT, 'List rows that do not apply too'),
  diff: value(
    INPUT,
    "Compare the whole catalogue with a copy of Microsoft's article in Markdown; - is standard input",
  ),
};

/** Flags by command. */
export const COMMANDS: Readonly<Record<string, OptionTable>> = {
  lint: { ...PROFILE_OPTIONS, ...LINT_OPTIONS, ...CONFIG_OPTIONS, ...COMMON_OPTIONS },
  azure: { ...AZURE_OPTIONS, ...PROFILE_OPTIONS, ...CONFIG_OPTIONS, ...COMMON_OPTIONS },
  requirements: { ...PROFILE_OPTIONS, ...REQUIREMENTS_OPTIONS, ...CONFIG_OPTIONS, ...COMMON_OPTIONS },
  checks: { ...CONFIG_FILE_OPTIONS, ...COMMON_OPTIONS },
  explain: { ...CONFIG_FILE_OPTIONS, ...COMMON_OPTIONS },
  init: COMMON_OPTIONS,
  completion: COMMON_OPTIONS,
};

/** Commands a user may type; lint is what runs without one. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS).filter((name) => name !== 'lint');

export const EXAMPLES: readonly (readonly [string, string])[] = [
  ['$0 policy.json', 'Lint a template, an exported policy or a Terraform plan'],
  ['$0 prod.bicepparam', 'Lint Bicep with the values of a file of parameters; its compiler is not needed'],
  [
    '$0 infra/ --profile private --region westeurope',
    'Lint every policy below a folder for one kind of cluster',
  ],
  [
    '$0 main.json --parameters prod.json --output sarif=egress.sarif',
    'Show text, and write SARIF for code scanning',
  ],
  ['$0 infra/hub --var-file infra/prod.tfvars', 'Lint a Terraform configuration; Terraform is not needed'],
  ['$0 plan.json --source-root infra/hub', 'Lint a plan, with findings in the configuration'],
  [
    '$0 fw.conf --service-tags ServiceTags_Public.json --endpoints endpoints.json',
    'Compare addresses with service tags, and the rules with what Azure lists for the cluster',
  ],
  ['az network firewall policy show … | $0 -', 'Read standard input'],
];

export const REQUIREMENTS_EXAMPLES: typeof EXAMPLES = [
  ['$0 requirements --profile private', 'List what one kind of cluster needs'],
  ['$0 requirements --format markdown', 'List it for a ticket or a wiki'],
  ['$0 requirements --diff article.md', "Show what Microsoft's article changed"],
];

export const REQUIREMENTS_EXIT_CODES = `Exit codes:
  0  the list; with --diff, no difference
  1  with --diff, differences, or parts that were not understood
  2  wrong flags or configuration
  3  the copy of the article could not be read, or is something else`;

export const AZURE_EXAMPLES: readonly (readonly [string, string])[] = [
  ['$0 azure --firewall-policy hub --cluster aks', 'Lint a policy for a cluster, in the only subscription'],
  [
    '$0 azure --firewall-policy /subscriptions/…/firewallPolicies/hub --save hub.json',
    'Lint a policy, and keep what was read',
  ],
  ['$0 hub.json', 'Lint that again, without Azure'],
  ['$0 azure', "Lint what 'azure' of the configuration names, with findings there"],
  ['$0 azure --firewall hub --subscription Production', 'Lint a firewall with rules of its own'],
];

export const AZURE_SIGN_IN =
  "Needs @azure/arm-network, @azure/arm-containerservice and @azure/identity beside this program, and the role Reader. Signs in as DefaultAzureCredential does: by AZURE_* variables, a managed identity, or 'az login'.";

export const EXIT_CODES = `Exit codes, the same for every format:
  0  nothing at or above --fail-on
  1  findings
  2  wrong flags or configuration
  3  a named input could not be read, or holds no firewall
  2 beats 3 beats 1.`;

export const INTERRUPTED = '  130  interrupted with Ctrl-C; nothing is written';
