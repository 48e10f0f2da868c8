import { runChecks, type CheckResult } from '../checks/run.ts';
import type { CheckSettings } from '../checks/catalogue.ts';
import type { PolicyJudgement } from '../coverage/index.ts';
import { locateAll } from '../locate/index.ts';
import type { Place } from '../model/place.ts';
import { digest } from '../reporters/digest.ts';
import type { Finding } from '../reporters/report.ts';

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
  /** What tells findings of one identity in several runs apart. */
  readonly scope: string;
}

/**
 * Runs the checks on everything that was judged and gives each finding its lines and its fingerprint. Findings are in order
 * of place, then check, then message, whatever the order of the files.
 */
export async function findingsOf(
  judged: readonly Judged[],
  settings: CheckSettings,
  textOf: (path: string) => string | undefined,
  addressOf: (place: Place) => string | undefined = () => undefined,
): Promise<Finding[]> {
  const placed = await placedResults(judged, settings);
  const places = placed.flatMap(({ result: { subject } }) => [
    subject.place,
    ...subject.related.map(({ place }) => place),
  ]);
  const located = locateAll(textOf, places)
    .map((location, at) => {
      const address = places[at] && addressOf(places[at]);
      return address === undefined ? location : { ...location, address };
    })
    .values();
  const used = new Map<string, number>();
  const findings = placed.map(({ result, run, scope }): Finding => {
    const { check, level, message, subject } = result;
    const identity = `${check}\n${scope}\n${subject.identity}`;
    // Two rules of one name in one collection have one identity; the second is told by its number.
    const count = (used.get(identity) ?? 0) + 1;
    used.set(identity, count);
    const item = [subject.data['destination'], subject.data['service']].filter(Boolean).join(' ');
    return {
      check,
      level,
      message,
      ...(item === '' ? {} : { item }),
      run,
      requirement: subject.requirement,
      entry: subject.entry,
      location: next(located, subject.place),
      related: subject.related.map(({ text, place }) => ({ text, location: next(located, place) })),
      fingerprint: digest(count === 1 ? identity : `${identity}\n${count}`),
      suppressed: false,
    };
  });
  return findings.sort(byPlace);
}

/** Runs the checks on everything that was judged. */
export async function placedResults(judged: readonly Judged[], settings: CheckSettings): Promise<Placed[]> {
  const placed: Placed[] = [];
  for (const one of judged) placed.push(...(await ofRuns(one, settings)));
  for (const group of byPolicy(judged)) placed.push(...(await ofPolicy(group, settings)));
  return placed;
}

function next(located: Iterator<Finding['location'], undefined>, place: Place): Finding['location'] {
  const { value } = located.next();
  if (value === undefined) throw new Error(`No location for ${place.path}#${place.pointer}`);
  return value;
}

/** Findings about requirements and the policy as one run sees them. */
async function ofRuns({ judgement, cluster, firstRun }: Judged, settings: CheckSettings): Promise<Placed[]> {
  const placed: Placed[] = [];
  for (const [at, run] of judgement.runs.entries()) {
    // Where one policy has several networks that look like a cluster, each has findings of its own.
    const network = judgement.runs.length > 1 ? String(at) : '';
    const scope = `${judgement.policy.name}\n${cluster ?? ''}\n${network}`;
    for (const result of await runChecks(run.subjects, settings)) {
      placed.push({ result, run: firstRun + at, scope });
    }
  }
  return placed;
}

/**
 * Findings about entries and rules. Where one policy serves several clusters, an entry is wrong only if it is wrong for each
 * cluster that it concerns: what one of them needs is not unneeded.
 */
async function ofPolicy(group: readonly Judged[], settings: CheckSettings): Promise<Placed[]> {
  const [first] = group;
  if (first === undefined) return [];
  const concerned = new Map<string, number>();
  const fired = new Map<string, { placed: Placed; count: number }>();
  for (const { judgement, firstRun } of group) {
    for (const subject of judgement.subjects) {
      const key = keyOf(subject.target, subject.identity, subject.place);
      concerned.set(key, (concerned.get(key) ?? 0) + 1);
    }
    for (const result of await runChecks(judgement.subjects, settings)) {
      const { target, identity, place } = result.subject;
      const key = `${result.check}\n${keyOf(target, identity, place)}`;
      const known = fired.get(key);
      if (known === undefined) {
        fired.set(key, { placed: { result, run: firstRun, scope: judgement.policy.name }, count: 1 });
      } else known.count += 1;
    }
  }
  return [...fired.values()].flatMap(({ placed, count }) => {
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
