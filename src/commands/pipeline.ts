import { filesOf, type Config } from '../config/config.ts';
import { checkDocs } from '../checks/catalogue.ts';
import type { Check, CheckDoc } from '../checks/check.ts';
import { judge, type DeclaredEndpoint, type JudgeOptions, type SourceSet } from '../coverage/index.ts';
import { endpointFacts, knowledgeFor } from '../coverage/knowledge.ts';
import { appliancesFor } from './appliances.ts';
import {
  isSnapshot,
  parseInputs,
  settleCloud,
  type CloudHint,
  type InputFile,
  type Parsed,
} from '../parsers/index.ts';
import type { ListInput } from '../parsers/azure-lists/list-file.ts';
import type { ApplianceOptions } from '../parsers/appliance/reading.ts';
import type { Bicep } from '../parsers/bicep/index.ts';
import type { Terraform } from '../parsers/terraform/index.ts';
import type { Place } from '../model/place.ts';
import type { Cloud, Policy } from '../model/policy.ts';
import type { SourceTexts } from '../locate/index.ts';
import { showSymbols } from '../model/symbol.ts';
import { profileForReport, type Origin, type Profile, type ProfilePart } from '../profile/profile.ts';
import type { Drawing, Report, Run } from '../reporters/report.ts';
import { ageNotices, requirementsFor, withRegion } from '../requirements/index.ts';
import { VERSION } from '../version.ts';
import type { SettingsByPlace } from './check-settings.ts';
import type { AzureLists, EndpointListFile } from './azure-lists.ts';
import { AcceptedFindings, type AcceptanceRequest } from './acceptance.ts';
import { clusterSources, neighboursOf, policiesOf } from './cluster-sources.ts';
import { Concealment } from './concealment.ts';
import { findingsOf, type Judged, type ShownAt } from './findings.ts';
import type { InferredCluster } from './inferred-clusters.ts';
import { noticesOf } from './notices.ts';
import type { drawingOf } from './report-drawing.ts';
import { runOf } from './report-runs.ts';

/** One cluster to judge policies for. */
export interface Cluster {
  /** Null where there is only one, without a name. */
  readonly name: string | null;
  readonly profile: Profile;
  /** Does this policy serve it? */
  readonly isServedBy: (policy: Policy) => boolean;
  /** Nothing says which policies serve it. */
  readonly mayBeServedByAny: boolean;
  /** Present where the input holds the cluster. */
  readonly inferred?: InferredCluster;
}

export interface JudgeRequest {
  readonly files: readonly InputFile[];
  readonly parameters: readonly InputFile[];
  readonly basePolicies: readonly InputFile[];
  /** Of --cluster. */
  readonly clusterFiles?: readonly InputFile[];
  /** Reads Terraform, where one of the files is Terraform's. */
  readonly terraform?: Terraform | undefined;
  /** What the user says of the network around an appliance. */
  readonly appliance?: ApplianceOptions | undefined;
  /** Reads Bicep, where one of the files is Bicep. */
  readonly bicep?: Bicep | undefined;
  /** That findings may lead to. */
  readonly config?: Config;
  /** Microsoft's list of service tags, as a file or as REST answers it. */
  readonly serviceTags?: ListInput | undefined;
  /** Lists of egress endpoints, as files or as REST answers them. */
  readonly endpointLists?: readonly EndpointListFile[] | undefined;
  /** The clusters, given what the files say of the cloud, the clusters in them, and what lists tell of a cluster. */
  readonly clusters: (
    hint: CloudHint | undefined,
    found: readonly InferredCluster[],
    told?: (cluster: string | null) => ProfilePart | undefined,
  ) => readonly Cluster[];
  /** Chooses among the policies of the input; throws a UsageError where nothing is left. */
  readonly select: (policies: readonly Policy[]) => readonly Policy[];
  readonly declared: readonly DeclaredEndpoint[];
  readonly acceptAddressFor: readonly string[];
  readonly privateNames: readonly string[];
  /** `YYYY-MM-DD`; undefined for the day on which the data was read. */
  readonly asOf: string | undefined;
  /** Report rows that do not apply too. */
  readonly all: boolean;
}

export interface LintRequest extends JudgeRequest {
  readonly settings: SettingsByPlace;
  readonly accepted: AcceptanceRequest;
  /** Fill what drawings need: some report draws. */
  readonly drawn?: boolean;
  /** Where a part of the input is shown, if not where it stands. */
  readonly shownAt?: ShownAt | undefined;
}

export interface LintResult {
  readonly report: Report;
  /** For quoting: what is marked as sensitive is not in it. */
  readonly textOf: (path: string) => string | undefined;
  /** Documentation of the checks that were on. */
  readonly checks: readonly CheckDoc[];
  /** Those of the report's notices that even a short report shows. */
  readonly lastingNotices: readonly string[];
  /** Files that were met below a folder and left out. */
  readonly skipped: Parsed['skipped'];
  /** Names of the policies that were judged. */
  readonly policies: ReadonlySet<string>;
}

/** What judging files gives, before any check runs. */
export interface Judgements {
  readonly clusters: readonly Cluster[];
  readonly parsed: readonly Parsed[];
  readonly judged: readonly Judged[];
  readonly runs: readonly Run[];
  /** What is to be said of lists of Azure. */
  readonly listNotices: readonly string[];
  readonly sources: SourceTexts;
}

/** Parses files and judges every policy for every cluster that it serves. */
export async function judgeFiles(request: JudgeRequest): Promise<Judgements> {
  const { clusterFiles = [] } = request;
  const hint = settleCloud([
    ...request.files,
    ...request.basePolicies,
    ...request.parameters,
    ...clusterFiles,
  ]);
  const appliances = await appliancesFor(request.files, request.appliance);
  const parse = memoise((cloud: Cloud) =>
    parseInputs(request.files, {
      cloud,
      parameters: request.parameters,
      basePolicies: request.basePolicies,
      clusters: clusterFiles,
      terraform: request.terraform,
      appliances,
      bicep: request.bicep,
    }),
  );
  const lists = await listsOf(request);
  const told = lists && ((cluster: string | null) => lists.partOf(cluster));
  const known = request.clusters(hint, [], told);
  const found = await inferredFrom(parse(known[0]?.profile.cloud ?? 'AzureCloud'));
  const clusters = found.length === 0 ? known : request.clusters(hint, found, told);
  lists?.verify(clusters);
  const configured = new Map(
    request.config === undefined ? [] : filesOf(request.config).map((file) => [file.path, file]),
  );
  const saidAt = ({ path = '', pointer }: Origin): Place | undefined =>
    pointer === undefined ? undefined : configured.get(path)?.placeOf(pointer);
  const judged: Judged[] = [];
  const runs: Run[] = [];
  for (const cluster of clusters) {
    const parsed = parse(cluster.profile.cloud);
    const served = policiesOf(cluster, request.select(parsed.policies));
    const options = await judgeOptions(cluster, request, lists);
    for (const policy of served) {
      const rules = judge(policy, { ...options, ...neighboursOf(cluster, clusters, policy) });
      const told = { isFirst: policy === served[0], saidAt };
      const both = cluster.inferred?.subjectsFor(policy, cluster.profile, told) ?? [];
      const judgement = both.length === 0 ? rules : { ...rules, subjects: [...rules.subjects, ...both] };
      judged.push({ judgement, cluster: cluster.name, firstRun: runs.length });
      for (const run of judgement.runs) {
        const hidden = request.all ? inapplicable(policy, run.sources, options) : undefined;
        runs.push(
          runOf(run, {
            policy,
            cloud: cluster.profile.cloud,
            profile: profileForReport(cluster.profile),
            sourcesFrom: sourcesOrigin(cluster.profile),
            inapplicable: hidden?.runs[0]?.requirements ?? [],
          }),
        );
      }
    }
  }
  const parsed = [...parse.known()];
  const inputs = new Map(parsed.flatMap((one) => one.inputs.map((input) => [input.path, input])));
  const listTexts = new Map(lists?.texts);
  const sources = {
    textOf: (path: string) => inputs.get(path)?.text ?? listTexts.get(path) ?? configured.get(path)?.text,
    indentationOf: (path: string) => inputs.get(path)?.indentation,
  };
  const listNotices = lists?.notices(clusters, judged) ?? [];
  return { clusters, parsed, judged, runs, listNotices, sources };
}

/**
 * Lints files: judges them and runs the checks. Equal requests give equal results. Throws an InputError for a named file
 * that is no firewall's.
 */
export async function lintFiles(request: LintRequest): Promise<LintResult> {
  const { clusters, parsed, judged, runs, listNotices, sources: inputs } = await judgeFiles(request);
  const { shownAt } = request;
  const sources = shownAt === undefined ? inputs : withShown(inputs, shownAt);
  const [first] = parsed;
  const accepted = new AcceptedFindings(request.accepted, first?.remarks ?? []);
  const concealment = new Concealment(
    parsed.flatMap(({ sensitive }) => sensitive),
    parsed.flatMap((one) => one.policies),
  );
  const findings = await findingsOf(
    judged,
    request.settings,
    accepted,
    sources,
    addressFinder(parsed),
    concealment,
    shownAt,
  );
  const policies = new Set(judged.map(({ judgement }) => concealment.of(showSymbols(judgement.policy.name))));
  const lastingNotices = accepted.lastingNotices(policies);
  const count = (level: string): number =>
    findings.filter((finding) => !finding.suppressed && finding.level === level).length;
  const report: Report = {
    schemaVersion: 1,
    tool: { name: 'aks-egress-lint', version: VERSION },
    inputs: inputsOf(parsed),
    runs: runs.map((run) => concealment.ofRun(run)),
    summary: {
      error: count('error'),
      warning: count('warning'),
      note: count('note'),
      suppressed: findings.filter((finding) => finding.suppressed).length,
    },
    findings,
    notices: [
      ...noticesOf({ clusters, parsed, judged, runs, sources }),
      ...ageNotices(request.accepted.today),
      ...listNotices,
      ...accepted.notices(parsed.flatMap(({ inputs }) => inputs.map(({ path }) => path))),
      ...lastingNotices,
    ].map((notice) => concealment.of(notice)),
    ...(request.drawn === true
      ? { drawing: await draw(judged, sources, (text) => concealment.of(text)) }
      : {}),
  };
  const quoted = (path: string): string | undefined => {
    const text = sources.textOf(path);
    return text === undefined ? undefined : concealment.ofFile(path, text);
  };
  const skipped = first?.skipped ?? [];
  return {
    report,
    textOf: quoted,
    checks: enabledChecks(request.settings),
    lastingNotices,
    skipped,
    policies,
  };
}

async function draw(...of: Parameters<typeof drawingOf>): Promise<Drawing> {
  const module = await import('./report-drawing.ts');
  return module.drawingOf(...of);
}

/** Loaded where a list of Azure was given. */
async function listsOf(request: JudgeRequest): Promise<AzureLists | undefined> {
  const { files, clusterFiles = [], serviceTags, endpointLists = [] } = request;
  const snapshots = [...files, ...clusterFiles].filter(isSnapshot);
  if (serviceTags === undefined && endpointLists.length === 0 && snapshots.length === 0) return undefined;
  const module = await import('./azure-lists.ts');
  const all = module.withSnapshots(request, snapshots);
  if (all.serviceTags === undefined && all.endpointLists?.length === 0) return undefined;
  return new module.AzureLists(all);
}

/** Loaded where there is a cluster to read: most inputs hold the firewall alone. */
async function inferredFrom(parsed: Parsed): Promise<readonly InferredCluster[]> {
  if (parsed.surroundings.resources.length === 0) return [];
  const { inferClusters } = await import('./inferred-clusters.ts');
  return inferClusters(parsed);
}

/** The texts in which a run shows its findings, beside those of the inputs. */
function withShown(inputs: SourceTexts, shownAt: ShownAt): SourceTexts {
  return { ...inputs, textOf: (path) => shownAt.textOf(path) ?? inputs.textOf(path) };
}

/** Several clusters of one cloud share what was parsed: only `environment()` depends on the cloud. */
function memoise(
  parse: (cloud: Cloud) => Parsed,
): ((cloud: Cloud) => Parsed) & { known: () => Iterable<Parsed> } {
  const known = new Map<Cloud, Parsed>();
  const get = (cloud: Cloud): Parsed => {
    const parsed = known.get(cloud) ?? parse(cloud);
    known.set(cloud, parsed);
    return parsed;
  };
  return Object.assign(get, { known: () => known.values() });
}

/** Finds the address of a place: the one of the nearest part around it that has one. Of a snapshot, with the rest of the way. */
function addressFinder(parsed: readonly Parsed[]): (place: Place) => string | undefined {
  const byPath = new Map(
    parsed.flatMap(({ inputs }) =>
      inputs.flatMap(({ path, addresses, format }) =>
        addresses ? [[path, { addresses, format }] as const] : [],
      ),
    ),
  );
  return ({ path, pointer }) => {
    const known = byPath.get(path);
    if (known === undefined) return undefined;
    for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const address = known.addresses.get(at);
      if (address === undefined) continue;
      return known.format === 'azure-snapshot' ? `${address}#${pointer.slice(at.length)}` : address;
    }
    return undefined;
  };
}

async function judgeOptions(
  cluster: Cluster,
  request: JudgeRequest,
  lists: AzureLists | undefined,
): Promise<JudgeOptions> {
  const { name, profile } = cluster;
  const tagList = lists?.tagList;
  const { declared, acceptAddressFor, privateNames, asOf } = request;
  return {
    cluster: name,
    requirements: await requirementsFor(profile, asOf === undefined ? {} : { asOf }),
    fillRegion: withRegion,
    region: profile.region?.value,
    sources: profile.sources === undefined ? undefined : clusterSources(profile.sources),
    declared,
    acceptAddressFor,
    endpoints: endpointFacts(profile.cloud, asOf, tagList),
    listed: lists?.listedFor(cluster),
    knowledgeOf: (rows) => knowledgeFor(rows, { cloud: profile.cloud, privateNames, tagList }),
  };
}

function sourcesOrigin({ sources }: Profile): Run['sourcesFrom'] {
  return sources === undefined || sources.from === 'default' ? 'config' : sources.from;
}

/** The rows that do not apply, judged as if they did, for reports that show every row. */
function inapplicable(
  policy: Policy,
  sources: SourceSet | undefined,
  options: JudgeOptions,
): ReturnType<typeof judge> | undefined {
  if (sources === undefined) return undefined;
  const requirements = options.requirements
    .filter((row) => row.applies === 'no')
    .map((row) => ({ ...row, applies: 'yes' as const }));
  return judge(policy, {
    ...options,
    listed: undefined,
    requirements,
    sources: { all: sources, of: options.sources?.of ?? (() => sources) },
  });
}

function inputsOf(parsed: readonly Parsed[]): Report['inputs'] {
  const [first] = parsed;
  return (first?.inputs ?? []).map(({ path, format, rules, unresolved }) => ({
    path,
    format,
    rules,
    unresolved,
  }));
}

/** On anywhere. */
function enabledChecks(settings: SettingsByPlace): CheckDoc[] {
  const on = new Map<string, Check>();
  for (const { checks, levels } of settings.variants()) {
    for (const check of checks) if (levels.get(check.id) !== 'off') on.set(check.id, check);
  }
  return checkDocs([...on.values()].sort((a, b) => (a.id < b.id ? -1 : 1)));
}
