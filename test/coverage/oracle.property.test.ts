import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FACTS,
  flowDraft,
  policyDrafts,
  specOf,
  TAG_FACTS,
  tagDrafts,
  taggedFlow,
} from '../oracle/arbitrary.ts';
import { policy } from '../oracle/build.ts';
import { disagreements } from '../oracle/compare.ts';

/** Set both to search further: `ORACLE_SEED=7 ORACLE_RUNS=100000 npx vitest run test/coverage/oracle.property.test.ts` */
const seed = Number(process.env['ORACLE_SEED'] ?? 20_250_901);
const numRuns = Number(process.env['ORACLE_RUNS'] ?? 2_500);
const FLOWS_PER_POLICY = 4;

describe('the walk through a policy and a simulator of single packets', () => {
  test('agree on every packet of random flows through random policies', { timeout: 600_000 }, () => {
    let cases = 0;
    const flows = fc.array(flowDraft, { minLength: FLOWS_PER_POLICY, maxLength: FLOWS_PER_POLICY });
    fc.assert(
      fc.property(policyDrafts, flows, (drafts, flowDrafts) => {
        const built = policy(...drafts);
        for (const draft of flowDrafts) {
          cases += 1;
          expect(disagreements(built, specOf(draft), FACTS)).toEqual([]);
        }
      }),
      { seed, numRuns },
    );
    expect(cases).toBeGreaterThanOrEqual(numRuns * FLOWS_PER_POLICY);
  });

  test(
    'agree that names of several service tags need all of them, where the walk is certain',
    { timeout: 600_000 },
    () => {
      fc.assert(
        fc.property(tagDrafts, taggedFlow, (drafts, draft) => {
          expect(disagreements(policy(...drafts), specOf(draft), TAG_FACTS, 'cautious')).toEqual([]);
        }),
        { seed, numRuns: Math.ceil(numRuns / 2) },
      );
    },
  );
});
