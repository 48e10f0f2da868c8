import type { Policy } from '../../src/model/policy.ts';
import { networkRule, policy, type RuleDraft } from '../oracle/build.ts';

/**
 * The five shapes of blocked lines that Batfish worked out for its filterLineReachability question, as network rules.
 * https://github.com/batfish/batfish/blob/master/projects/question/src/main/java/org/batfish/question/filterlinereachability/README.md
 *
 * A rule has the number of its line as name. `blockers` are those that Batfish reports: of the rules before, the smallest
 * number with the widest overlaps that together leave nothing, and the widest one of the other action that decides a part.
 */
export interface BlockingLines {
  readonly shape: string;
  readonly policy: Policy;
  readonly blocked: string;
  readonly blockers: readonly string[];
  /** Lines before the blocked one that nothing blocks. */
  readonly reached: readonly string[];
  /** A blocker does something else than the blocked line. */
  readonly differentAction: boolean;
}

function allow(name: string, options: Partial<RuleDraft>): RuleDraft {
  return networkRule('allow', { services: ['TCP *'], ...options, name });
}

function deny(name: string, options: Partial<RuleDraft>): RuleDraft {
  return networkRule('deny', { services: ['TCP *'], ...options, name });
}

const ATTACKERS = Array.from({ length: 255 }, (_, index) => index + 1);

export const BLOCKING_LINES: readonly BlockingLines[] = [
  {
    // OSPF in Batfish's example; UDP here, which is a protocol that rules can name.
    shape: 'one blocker behind many tiny overlaps',
    policy: policy(
      ...ATTACKERS.map((last) => deny(String(last * 10), { from: [`1.1.1.${last}`], services: ['Any *'] })),
      allow('3000', { services: ['UDP *'] }),
      allow('3010', { to: ['224.0.0.6'], services: ['UDP *'] }),
    ),
    blocked: '3010',
    // 3000 alone blocks it; 10 is the first of the widest that deny a part.
    blockers: ['10', '3000'],
    reached: ['10', '2550', '3000'],
    differentAction: true,
  },
  {
    shape: 'two rules that block together what neither blocks alone',
    policy: policy(
      allow('10', { to: ['1.2.3.0/25'], services: ['Any *'] }),
      deny('20', { to: ['1.2.3.128/25'], services: ['Any *'] }),
      allow('30', { to: ['1.2.3.0/24'], services: ['Any *'] }),
    ),
    blocked: '30',
    blockers: ['10', '20'],
    reached: ['10', '20'],
    differentAction: true,
  },
  {
    shape: 'two rules that could block, of which only the first ever does',
    policy: policy(
      allow('10', { to: ['1.2.3.4'], services: ['Any *'] }),
      deny('20', { to: ['*'] }),
      allow('30', { to: ['1.2.3.4'] }),
    ),
    blocked: '30',
    blockers: ['10'],
    reached: ['10', '20'],
    differentAction: false,
  },
  {
    shape: 'one rule that almost blocks and denies, one that blocks and allows',
    policy: policy(
      deny('10', { to: ['1.2.3.4'], services: ['TCP 0-79', 'TCP 81-65535'] }),
      allow('20', { to: ['*'] }),
      allow('30', { to: ['1.2.3.4'] }),
    ),
    blocked: '30',
    blockers: ['10', '20'],
    reached: ['10', '20'],
    differentAction: true,
  },
  {
    // Three quarters of all packets are "established" in Batfish's example; of all sources here, as rules know no flags.
    shape: 'one rule that decides most of the traffic, one that blocks all of it',
    policy: policy(
      allow('10', { from: ['0.0.0.0/1', '128.0.0.0/2'] }),
      deny('20', { to: ['1.2.3.4'] }),
      allow('30', { to: ['1.2.3.4'], services: ['TCP 80'] }),
    ),
    blocked: '30',
    blockers: ['20'],
    reached: ['10', '20'],
    differentAction: true,
  },
];
