import type { CheckSettings } from '../checks/catalogue.ts';
import { runChecks, type CheckResult } from '../checks/run.ts';
import type { Suppressible } from '../config/suppression.ts';
import { describeSources, type PolicyJudgement, type Subject } from '../coverage/index.ts';
import { locateAll, type SourceTexts } from '../locate/index.ts';
import type { Place } from '../model/place.ts';
import type { Policy } from '../model/policy.ts';
import { showSymbols } from '../model/symbol.ts';
import { digest } from '../reporters/digest.ts';
import type { Finding } from '../reporters/report.ts';
import type { SettingsByPlace } from './check-settings.ts';
import { Concealment } from './concealment.ts';

/** One policy judged for one cluster; its runs are numbered from `firstRun` in the report. */
export interface Judged {
  readonly judgement: PolicyJudgement;
  readonly cluster: string | null;
  readonly firstRun: number;
}

/** A result of a check with what it belongs to. */
export interface Placed {
  readonly result: CheckResult;
  readonly run: number;
  readonly policy: Policy;
  /** Names of those that it concerns; empty where they have none. */
  readonly clusters: readonly string[];
  /** What tells findings about one thing in several runs apart; empty for what is said once for the policy. */
  readonly scope: Pick<FindingIdentity, 'cluster' | 'network'>;
}

/** What a finding is about, without lines: the same after the file was reordered. */
export interface FindingIdentity {
  readonly check: string;
  readonly policy: string;
  readonly cluster: string | null;
  /** Where one policy has several networks that look like a cluster's, the one that was judged; else empty. */
  readonly network: string;
  /** Requirement, destination and service, or the rule or entry. */
  readonly about: string;
}

/** Where findings stand for those who read the report, where that is not where they are. */
export interface ShownAt {
  /** Undefined leaves a place as it is. */
  readonly of: (place: Place) => Place | undefined;
  readonly textOf: (path: string) => string | undefined;
}

/** Decides which findings count. */
export interface Acceptance {
  readonly of: (finding: Suppressible, identity: FindingIdentity) => Finding['suppression'];
}

/**
 * Runs the checks on everything that was judged and gives each finding its lines and its fingerprint. Findings are in order
 * of place, then check, then message, whatever the order of the files.
 */
export async function findingsOf(
  judged: readonly Judged[],
  settings: SettingsByPlace,
  accepted: Acceptance,
  sources: SourceTexts,
  addressOf: (place: Place) => string | undefined = () => undefined,
  concealment: Concealment = new Concealment([]),
  shownAt?: ShownAt,
): Promise<Finding[]> {
  const placed = await placedResults(judged, settings);
  const places = placed.flatMap(({ result: { subject } }) => [
    subject.place,
    ...subject.related.map(({ place }) => place),
  ]);
  const shown = shownAt === undefined ? places : places.map((place) => shownAt.of(place) ?? place);
  const located = locateAll(sources, shown)
    .map((location, at) => {
      const address = places[at] && addressOf(places[at]);
      return address === undefined ? location : { ...location, address };
    })
    .values();
  const used = new Map<string, number>();
  const findings = placed.map((one): Finding => {
    const { result, run } = one;
    const { check, level, subject } = result;
    const meant = concealedIdentity(one, concealment);
    const identity = [check, meant.policy, meant.cluster ?? '', meant.network, meant.about].join('\n');
    // Two rules of one name in one collection have one identity; the second is told by its number.
    const count = (used.get(identity) ?? 0) + 1;
    used.set(identity, count);
    const suppression = accepted.of(suppressible(one), meant);
    const isPublic = subject.target === 'requirement';
    const item = [subject.data['destination'], subject.data['service']]
      .flatMap((part = '') => (part === '' || isPublic ? part : concealment.of(part)))
      .filter(Boolean)
      .join(' ');
    return {
      check,
      level,
      message: concealment.ofMessage(result),
      ...(item === '' ? {} : { item }),
      run,
      ...(one.clusters.length === 0 ? {} : { clusters: one.clusters }),
      requirement: subject.requirement,
      entry: subject.entry === null ? null : concealment.ofIdentity(subject.entry),
      location: next(located, subject.place),
      related: relatedOf(subject.related, located, concealment, shownAt),
      fingerprint: digest(count === 1 ? identity : `${identity}\n${count}`),
      suppressed: suppression !== undefined,
      ...(suppression === undefined ? {} : { suppression }),
    };
  });
  return findings.sort(byPlace);
}

/** Runs the checks on everything that was judged. */
export async function placedResults(judged: readonly Judged[], settings: SettingsByPlace): Promise<Placed[]> {
  const placed: Placed[] = [];
  for (const one of judged) placed.push(...(await ofRuns(one, settings)));
  for (const group of byPolicy(judged)) placed.push(...(await ofPolicy(group, settings)));
  return placed;
}

/** What is shown where the finding is shown needs no place of its own. */
function relatedOf(
  related: Subject['related'],
  located: Iterator<Finding['location'], undefined>,
  concealment: Concealment,
  shownAt: ShownAt | undefined,
): Finding['related'] {
  return related.flatMap(({ text, place }) => {
    const location = next(located, place);
    return shownAt?.of(place) === undefined ? [{ text: concealment.of(text), location }] : [];
  });
}

function next(located: Iterator<Finding['location'], undefined>, place: Place): Finding['location'] {
  const { value } = located.next();
  if (value === undefined) throw new Error(`No location for ${place.path}#${place.pointer}`);
  return value;
}

function identityOf({ result, policy, scope }: Placed): FindingIdentity {
  return {
    check: result.check,
    policy: showSymbols(policy.name),
    ...scope,
    about: showSymbols(result.subject.identity),
  };
}

/** Baselines are written from it, so it holds no value that is marked as sensitive. */
function concealedIdentity(one: Placed, concealment: Concealment): FindingIdentity {
  const identity = identityOf(one);
  if (concealment.isEmpty) return identity;
  return {
    ...identity,
    policy: concealment.of(identity.policy),
    network: concealment.of(identity.network),
    about: concealment.ofIdentity(identity.about),
  };
}

function suppressible({ result, policy, clusters }: Placed): Suppressible {
  const { requirement, entry, rule, place } = result.subject;
  return { check: result.check, requirement, entry, rule, place, policy, clusters };
}

/** Runs the checks with the settings that hold where each subject stands. */
async function run(subjects: readonly Subject[], settings: SettingsByPlace): Promise<CheckResult[]> {
  const groups = new Map<CheckSettings, Subject[]>();
  for (const subject of subjects) {
    const here = settings.at(subject.place);
    const group = groups.get(here);
    if (group === undefined) groups.set(here, [subject]);
    else group.push(subject);
  }
  const results: CheckResult[] = [];
  for (const [here, group] of groups) results.push(...(await runChecks(group, here)));
  return results;
}

/** Findings about requirements and the policy as one run sees them. */
async function ofRuns(
  { judgement, cluster, firstRun }: Judged,
  settings: SettingsByPlace,
): Promise<Placed[]> {
  const placed: Placed[] = [];
  const { policy, runs } = judgement;
  for (const [at, { subjects, sources }] of runs.entries()) {
    const network = runs.length > 1 && sources !== undefined ? describeSources(sources).join(', ') : '';
    for (const result of await run(subjects, settings)) {
      const clusters = cluster === null ? [] : [cluster];
      placed.push({ result, run: firstRun + at, policy, clusters, scope: { cluster, network } });
    }
  }
  return placed;
}

/**
 * Findings about entries and rules. Where one policy serves several clusters, an entry is wrong only if it is wrong for each
 * cluster that it concerns: what one of them needs is not unneeded.
 */
async function ofPolicy(group: readonly Judged[], settings: SettingsByPlace): Promise<Placed[]> {
  const [first] = group;
  if (first === undefined) return [];
  const fired = new Map<string, { placed: Placed; clusters: string[]; count: number }>();
  for (const { judgement, firstRun, cluster } of group) {
    // Items of a list that an expression makes may share identity and place.
    const counted = new Set<string>();
    for (const result of await run(judgement.subjects, settings)) {
      const { target, identity, place } = result.subject;
      const key = `${result.check}\n${keyOf(target, identity, place)}`;
      let known = fired.get(key);
      if (known === undefined) {
        const { policy } = judgement;
        const clusters: string[] = [];
        const scope = { cluster: null, network: '' };
        known = { placed: { result, run: firstRun, policy, clusters, scope }, clusters, count: 0 };
        fired.set(key, known);
      }
      if (counted.has(key)) continue;
      counted.add(key);
      known.count += 1;
      if (cluster !== null) known.clusters.push(cluster);
    }
  }
  const found = [...fired.values()];
  if (group.length === 1) return found.map(({ placed }) => placed);
  const concerned = new Map<string, number>();
  for (const { judgement } of group) {
    const keys = judgement.subjects.map(({ target, identity, place }) => keyOf(target, identity, place));
    for (const key of new Set(keys)) concerned.set(key, (concerned.get(key) ?? 0) + 1);
  }
  return found.flatMap(({ placed, count }) => {
    const { target, identity, place } = placed.result.subject;
    return count === concerned.get(keyOf(target, identity, place)) ? [placed] : [];
  });
}

function keyOf(target: string, identity: string, place: Place): string {
  return `${target}\n${identity}\n${place.path}#${place.pointer}`;
}

function byPolicy(judged: readonly Judged[]): Judged[][] {
  const groups = new Map<string, Judged[]>();
  for (const one of judged) {
    const { id } = one.judgement.policy;
    groups.set(id, [...(groups.get(id) ?? []), one]);
  }
  return [...groups.values()];
}

function byPlace(a: Finding, b: Finding): number {
  return (
    compare(a.location.path, b.location.path) ||
    a.location.startLine - b.location.startLine ||
    a.location.startColumn - b.location.startColumn ||
    compare(a.check, b.check) ||
    compare(a.message, b.message) ||
    a.run - b.run
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
