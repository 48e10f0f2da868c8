import type { Policy, Rule } from '../model/policy.ts';
import type { EntryFate, Redundancy } from './redundancy.ts';
import type { Verdict } from './verdict.ts';

/**
 * Azure does not document in which order it takes groups or collections of equal priority. What depends on that order is
 * not known; what comes out the same in the order of the file and in the reverse one is.
 */
export function inOtherOrder(policy: Policy): Policy | undefined {
  if (policy.ties.length === 0) return undefined;
  const firsts = new Map<string, number>();
  const keyed = policy.rules.map((rule, at) => {
    const [depth, groupPriority, collectionPriority] = rule.order;
    const level = [rule.stage === 'network' ? 0 : 1, depth, known(groupPriority)];
    const group = JSON.stringify([level, rule.group]);
    const collection = JSON.stringify([group, known(collectionPriority), rule.collection]);
    const key = [...level, -firstOf(group, at), known(collectionPriority), -firstOf(collection, at), at];
    return { rule, key };
  });
  return { ...policy, rules: keyed.sort((a, b) => compare(a.key, b.key)).map(({ rule }) => rule) };

  function firstOf(name: string, at: number): number {
    const first = firsts.get(name) ?? at;
    firsts.set(name, first);
    return first;
  }
}

/** What is not known comes first, as in the order of the file. */
function known(priority: number): number {
  return Number.isNaN(priority) ? -1 : priority;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const difference = value - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function verdictOfBothOrders(verdict: Verdict, other: Verdict): Verdict {
  if (verdict.verdict === other.verdict && verdict.works === other.works) return verdict;
  return {
    ...verdict,
    verdict: 'unknown',
    works: 'yes',
    inspectedBy: undefined,
    doubt: 'tie',
    deniedBy: verdict.deniedBy ?? other.deniedBy,
    maybes: [],
    mayDeny: [],
    remainder: [],
  };
}

export function redundancyOfBothOrders(redundancy: Redundancy, other: Redundancy): Redundancy {
  const both = (one: EntryFate, two: EntryFate): EntryFate =>
    one.usage === two.usage ? one : { usage: 'used' };
  return {
    entry: (rule, destination) => both(redundancy.entry(rule, destination), other.entry(rule, destination)),
    rule: (rule: Rule) => both(redundancy.rule(rule), other.rule(rule)),
  };
}
