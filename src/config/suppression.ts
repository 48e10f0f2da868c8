import type { Place } from '../model/place.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { isDate } from './date.ts';
import { isWithin } from './place-pattern.ts';

/** What a suppression is held against: one finding before it has lines. */
export interface Suppressible {
  readonly check: string;
  readonly requirement: string | null;
  readonly entry: string | null;
  /** Id of the rule that it is about, where it is about one. */
  readonly rule: string | undefined;
  readonly place: Place;
  readonly policy: Policy;
  /** Names of the clusters that it concerns; empty where they have none. */
  readonly clusters: readonly string[];
}

/** Why a finding does not count. */
export interface SuppressedBy {
  readonly kind: 'config' | 'inline' | 'baseline';
  readonly reason: string;
  /** The last day, `YYYY-MM-DD`. */
  readonly until?: string;
}

/** A finding that somebody has accepted, with a reason. */
export interface Suppression {
  readonly kind: 'config' | 'inline';
  readonly check: string;
  readonly reason: string;
  /** As written. */
  readonly until: string | undefined;
  /** Where it is written, as messages name it: `hub.json:12:5`. */
  readonly where: string;
  readonly covers: (finding: Suppressible, rules: RuleLookup) => boolean;
  /** False where no file of the run can match it. */
  readonly isInReach: (paths: readonly string[]) => boolean;
}

/** Whether a suppression no longer holds on a day; what is no day never held. */
export function hasLapsed({ until }: Pick<Suppression, 'until'>, today: string): boolean {
  return until !== undefined && (!isDate(until) || until < today);
}

/** Finds the rule that a finding is about or that it is reported in. */
export class RuleLookup {
  readonly #byPolicy = new Map<Policy, PolicyRules>();

  ruleOf({ rule, place, policy }: Suppressible): Rule | undefined {
    const rules = this.#of(policy);
    return rule === undefined ? rules.at(place) : rules.called(rule);
  }

  /** `collection` or `group/collection`, without case as everywhere in Azure. */
  isInCollection(finding: Suppressible, name: string): boolean {
    const rule = this.ruleOf(finding) ?? this.#of(finding.policy).ofCollectionAt(finding.place);
    if (rule === undefined) return false;
    const wanted = name.toLowerCase();
    const collection = rule.collection.toLowerCase();
    return wanted === collection || wanted === `${rule.group.toLowerCase()}/${collection}`;
  }

  #of(policy: Policy): PolicyRules {
    let rules = this.#byPolicy.get(policy);
    if (rules === undefined) {
      rules = new PolicyRules(policy);
      this.#byPolicy.set(policy, rules);
    }
    return rules;
  }
}

class PolicyRules {
  readonly #byId: ReadonlyMap<string, Rule>;
  readonly #byPlace: ReadonlyMap<string, Rule>;
  readonly #byCollection: ReadonlyMap<string, Rule>;

  constructor({ rules }: Policy) {
    this.#byId = new Map(rules.map((rule) => [rule.id, rule]));
    this.#byPlace = new Map(rules.map((rule) => [keyOf(rule.place.path, rule.place.pointer), rule]));
    this.#byCollection = new Map(
      rules.flatMap((rule) => {
        const { priority } = rule.listPlaces;
        return priority === undefined ? [] : [[keyOf(priority.path, parentOf(priority.pointer)), rule]];
      }),
    );
  }

  called(id: string): Rule | undefined {
    return this.#byId.get(id);
  }

  at(place: Place): Rule | undefined {
    return nearest(this.#byPlace, place);
  }

  /** Any rule of the collection that is written around a place. */
  ofCollectionAt(place: Place): Rule | undefined {
    return nearest(this.#byCollection, place);
  }
}

function nearest(byPlace: ReadonlyMap<string, Rule>, { path, pointer }: Place): Rule | undefined {
  for (let at = pointer; ; at = parentOf(at)) {
    const rule = byPlace.get(keyOf(path, at));
    if (rule !== undefined || at === '') return rule;
  }
}

function parentOf(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')));
}

function keyOf(path: string, pointer: string): string {
  return `${path}#${pointer}`;
}

/** Whether a place is a part of another one. Offsets tell it better than pointers where both have them. */
export function isPartOf(place: Place, whole: Place): boolean {
  if (place.path !== whole.path) return false;
  if (place.span === undefined || whole.span === undefined) return isWithin(place.pointer, whole.pointer);
  return whole.span.start <= place.span.start && place.span.end <= whole.span.end;
}
