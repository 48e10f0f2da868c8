import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findRedundancy } from '../../src/coverage/redundancy.ts';
import { indexEveryRule } from '../../src/coverage/rule-index.ts';
import type { Policy } from '../../src/model/policy.ts';
import { FACTS, flowDraft, policyDrafts, specOf } from '../oracle/arbitrary.ts';
import { policy } from '../oracle/build.ts';
import { knowledgeOf } from '../oracle/compare.ts';
import { packetsOf, samplePoints } from '../oracle/sample.ts';
import { simulateAsOne } from '../oracle/simulator.ts';

/** Set both to search further, as for the walk: ORACLE_SEED and ORACLE_RUNS. */
const seed = Number(process.env['ORACLE_SEED'] ?? 20_250_901);
const numRuns = Number(process.env['ORACLE_RUNS'] ?? 800);

function withoutWhatChangesNothing(built: Policy): Policy {
  const index = indexEveryRule(built);
  const redundancy = findRedundancy(index, built.rules, knowledgeOf(FACTS));
  return {
    ...built,
    rules: built.rules.map((rule) => ({
      ...rule,
      destinations: rule.destinations.filter((one) => redundancy.entry(rule, one).usage === 'used'),
    })),
  };
}

test(
  'a policy without its redundant and shadowed entries does with every packet what it did',
  { timeout: 600_000 },
  () => {
    let removed = 0;
    fc.assert(
      fc.property(policyDrafts, fc.array(flowDraft, { minLength: 3, maxLength: 3 }), (drafts, flows) => {
        const whole = policy(...drafts);
        const less = withoutWhatChangesNothing(whole);
        if (less.rules.every((rule, at) => rule.destinations.length === whole.rules[at]?.destinations.length))
          return;
        removed += 1;
        for (const draft of flows) {
          const spec = specOf(draft);
          for (const drawn of packetsOf(samplePoints(whole, spec), spec, 24)) {
            const packet = { ...drawn, flow: { symbols: drawn.flow.symbols } };
            expect([packet, simulateAsOne(less, packet, FACTS)]).toEqual([
              packet,
              simulateAsOne(whole, packet, FACTS),
            ]);
          }
        }
      }),
      { seed, numRuns },
    );
    expect(removed).toBeGreaterThan(numRuns / 10);
  },
);
