import { describe, expect, test } from 'vitest';
import type { Flow } from '../../src/coverage/flow.ts';
import { indexRules } from '../../src/coverage/rule-index.ts';
import { entryFlows } from '../../src/coverage/redundancy.ts';
import { walk } from '../../src/coverage/walk.ts';
import type { Policy, Rule } from '../../src/model/policy.ts';
import { knowledgeOf } from '../oracle/compare.ts';
import { NO_FACTS } from '../oracle/outcome.ts';
import { BLOCKING_LINES } from './blocking-lines.cases.ts';

function lineOf(policy: Policy, name: string): Rule {
  const rule = policy.rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule;
}

function flowsOf(rule: Rule): Flow[] {
  return rule.destinations.flatMap((destination) =>
    rule.services.flatMap((service) => entryFlows(rule, destination, service)),
  );
}

/** Nothing that the rule matches gets as far as the rule, if only the rules that `keep` names are there before it. */
function isBlocked(policy: Policy, rule: Rule, keep: (before: Rule) => boolean = () => true): boolean {
  const position = policy.rules.indexOf(rule);
  const skip = (other: Rule): boolean => policy.rules.indexOf(other) >= position || !keep(other);
  return flowsOf(rule).every((flow) =>
    walk(indexRules(policy, flow.sources), flow, knowledgeOf(NO_FACTS), { skip }).every(
      ({ decision }) => decision.rule !== undefined,
    ),
  );
}

describe.each(BLOCKING_LINES)(
  'blocked by $shape',
  ({ policy, blocked, blockers, reached, differentAction }) => {
    const line = lineOf(policy, blocked);

    test('the rule decides nothing, as the rules before it decide everything first', () => {
      expect(isBlocked(policy, line)).toBe(true);
    });

    test('the blockers alone are enough', () => {
      expect(isBlocked(policy, line, (rule) => blockers.includes(rule.name))).toBe(true);
    });

    test('the rules before it decide something', () => {
      expect(reached.filter((name) => isBlocked(policy, lineOf(policy, name)))).toEqual([]);
    });

    test('each blocker decides a part of it, and one has another action or none has', () => {
      const deciders = new Set<string>();
      for (const flow of flowsOf(line)) {
        for (const { decision } of walk(indexRules(policy, flow.sources), flow, knowledgeOf(NO_FACTS))) {
          deciders.add(decision.rule?.name ?? 'default');
        }
      }
      expect(blockers.filter((name) => !deciders.has(name))).toEqual([]);
      const actions = blockers.map((name) => lineOf(policy, name).action);
      expect(actions.some((action) => action !== line.action)).toBe(differentAction);
    });
  },
);

test('without one of two rules that block together, what it decided gets through', () => {
  const together = BLOCKING_LINES.find(({ shape }) => shape.startsWith('two rules that block together'));
  if (together === undefined) throw new Error('no such shape');
  const { policy, blocked } = together;
  for (const absent of ['10', '20']) {
    expect(isBlocked(policy, lineOf(policy, blocked), (rule) => rule.name !== absent)).toBe(false);
  }
});
