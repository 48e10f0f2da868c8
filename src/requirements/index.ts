import { evaluate, type Outcome } from '../conditions/unknown-facts.ts';
import type { Conditions } from '../conditions/grammar.ts';
import type { Cloud } from '../model/policy.ts';
import { CLOUDS, conditionFacts, factDefinition, isFactName } from '../profile/facts.ts';
import type { Profile } from '../profile/profile.ts';
import {
  dateOfData,
  NOTES,
  RECORDS,
  sourceOf,
  type RequirementNote,
  type RequirementRecord,
} from './records.ts';
import type { Correction, Requirement } from './requirement.ts';
import { targetsOf } from './targets.ts';

export type { Correction, Requirement, Target } from './requirement.ts';
export { REGION, withRegion } from './targets.ts';
export { ageNotices } from './age.ts';
export { dateOfData } from './records.ts';
export type { RequirementNote } from './records.ts';

export interface RequirementOptions {
  /** ISO date on which `since` and `until` are judged; the day on which the data was read, where absent. */
  readonly asOf?: string;
  /** Also the rows of the other clouds, which never apply. Default false. */
  readonly allClouds?: boolean;
}

/**
 * Every row of the profile's cloud, with whether and why it applies, in the order of the data. Rows that do not apply are
 * among them, for the entries that they explain.
 */
export async function requirementsFor(
  profile: Profile,
  options: RequirementOptions = {},
): Promise<Requirement[]> {
  const { asOf = dateOfData(), allClouds = false } = options;
  const rows = allRows().filter(({ cloud }) => allClouds || cloud === profile.cloud);
  const values = new Map([...profile.facts].map(([name, fact]) => [name, fact.value]));
  const conditions = rows.flatMap(({ record }) => conditionsOf(record));
  const answers = await evaluate(conditions, conditionFacts(values));
  const outcomes = new Map(conditions.map((condition, at) => [condition, answers[at]]));
  return rows.map(({ record, cloud }) => {
    const [own, ...others] = conditionsOf(record).map((condition) => outcomes.get(condition));
    if (own === undefined) throw new Error(`The row ${record.id} was not judged`);
    // Whether the row is needed or only printed decides what its absence deserves, as whether it applies does.
    const open = own.answer === 'yes' ? others.find((outcome) => outcome?.answer === 'unknown') : undefined;
    const corrections = (record.corrections ?? []).filter(
      ({ condition }) => condition === undefined || outcomes.get(condition)?.answer === 'yes',
    );
    return requirementOf(record, corrections, profile, {
      cloud,
      ...judge(record, cloud, profile, open ?? own, asOf),
    });
  });
}

/** The row's own condition, then those of its corrections. */
function conditionsOf({ condition, corrections = [] }: RequirementRecord): readonly Conditions[] {
  return [condition, ...corrections.flatMap((correction) => correction.condition ?? [])];
}

/** One row of one cloud, as the data holds it. */
export interface CloudRow {
  readonly record: RequirementRecord;
  readonly cloud: Cloud;
}

/** Every row of the data, one per cloud: cloud by cloud, in each the core rows first and what is unverified last. */
export function allRows(): readonly CloudRow[] {
  return RECORDS.flatMap((record) => record.clouds.map((cloud) => ({ record, cloud }))).sort(
    (a, b) =>
      CLOUDS.indexOf(a.cloud) - CLOUDS.indexOf(b.cloud) ||
      rankOf(a.record.feature) - rankOf(b.record.feature),
  );
}

function rankOf(feature: string): number {
  return feature === 'core' ? 0 : feature === 'advisories' ? 2 : 1;
}

/** What the article says beside its tables: hosts that are safe to block, addresses, TLS, what it does not cover. */
export function requirementNotes(): readonly RequirementNote[] {
  return NOTES;
}

type Applicability = Pick<Requirement, 'applies' | 'why' | 'supply'>;

function judge(
  record: RequirementRecord,
  cloud: Cloud,
  profile: Profile,
  outcome: Outcome,
  asOf: string,
): Applicability {
  if (cloud !== profile.cloud) return { applies: 'no', why: `the cloud is ${profile.cloud}` };
  if (record.until !== undefined && asOf >= record.until)
    return { applies: 'no', why: `it is not needed since ${record.until}` };
  if (record.since !== undefined && asOf < record.since)
    return { applies: 'no', why: `it is needed only from ${record.since} on` };
  if (outcome.answer === 'unknown') return undecided(outcome.undecided);
  const clauses = outcome.because.map(({ fact, value }) =>
    isFactName(fact) ? factDefinition(fact).says(value) : `${fact} is ${String(value)}`,
  );
  return { applies: outcome.answer, why: joinClauses(clauses) };
}

function undecided(facts: readonly string[]): Applicability {
  const definitions = facts.filter(isFactName).map(factDefinition);
  const open = definitions.map(({ values, says, description }) =>
    values.includes(true) ? `whether ${says(true)}` : description,
  );
  return {
    applies: 'unknown',
    why: `it is not known ${joinClauses(open)}`,
    supply: joinClauses(definitions.map(({ supply }) => supply)),
  };
}

function joinClauses(clauses: readonly string[]): string {
  const last = clauses.at(-1) ?? '';
  return clauses.length < 2 ? last : `${clauses.slice(0, -1).join(', ')} and ${last}`;
}

function requirementOf(
  record: RequirementRecord,
  corrections: readonly Correction[],
  profile: Profile,
  judged: Applicability & Pick<Requirement, 'cloud'>,
): Requirement {
  const { id, row, feature, necessity, protocol, port, purpose } = record;
  const { documentedDestinations, note, since, until, alternativeGroup } = record;
  return {
    id,
    ...(row === undefined ? {} : { row }),
    feature,
    necessity,
    ...judged,
    mode: record.anyOf === undefined ? 'all' : 'any',
    targets: targetsOf(record, corrections, judged.cloud === profile.cloud ? profile : {}),
    protocol,
    port,
    purpose,
    pools: record.pools ?? 'nodes',
    ...(alternativeGroup === undefined ? {} : { alternativeGroup }),
    identifiesCluster: record.identifiesCluster ?? false,
    ...(documentedDestinations === undefined ? {} : { documentedDestinations }),
    ...(corrections.length === 0 ? {} : { corrections }),
    ...(note === undefined ? {} : { note }),
    source: sourceOf(record),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/** One row of `aks-egress-lint requirements --format json`. */
export interface RequirementListRow {
  readonly id: string;
  readonly row?: string;
  readonly feature: string;
  readonly cloud: Cloud;
  readonly necessity: Requirement['necessity'];
  readonly destinations?: readonly string[];
  readonly anyOf?: readonly string[];
  readonly documentedDestinations?: readonly string[];
  readonly protocol: string;
  readonly port: number;
  readonly purpose: string;
  readonly applies: Requirement['applies'];
  readonly why: string;
  /** Where applies is unknown: which fact decides it, and how to give it. */
  readonly supply?: string;
  readonly corrections?: readonly Correction[];
  readonly note?: string;
  readonly since?: string;
  readonly until?: string;
  readonly source: Requirement['source'];
}

/** Requirements as rows of strings; printed destinations that are not needed stand in documentedDestinations only. */
export function requirementRows(requirements: readonly Requirement[]): RequirementListRow[] {
  return requirements.map((requirement) => {
    const { id, row, feature, cloud, necessity, protocol, port, purpose, applies, why, source } = requirement;
    const { documentedDestinations, corrections, note, since, until, mode, supply } = requirement;
    const names = requirement.targets
      .filter(({ printedOnly }) => printedOnly !== true)
      .map(({ destination }) => destination);
    return {
      id,
      ...(row === undefined ? {} : { row }),
      feature,
      cloud,
      necessity,
      ...(mode === 'all' ? { destinations: names } : { anyOf: names }),
      ...(documentedDestinations === undefined ? {} : { documentedDestinations }),
      protocol,
      port,
      purpose,
      applies,
      why,
      ...(supply === undefined ? {} : { supply }),
      ...(corrections === undefined ? {} : { corrections }),
      ...(note === undefined ? {} : { note }),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      source,
    };
  });
}
