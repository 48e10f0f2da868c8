import { describe, expect, test } from 'vitest';
import { indexRules } from '../../src/coverage/rule-index.ts';
import { outcomeOf, walk } from '../../src/coverage/walk.ts';
import { ALL_ADDRESSES } from '../../src/model/ip-space.ts';
import {
  applicationRule,
  networkRule,
  opaqueRules,
  policy,
  symbol,
  type RuleDraft,
} from '../oracle/build.ts';
import { flowOf, knowledgeOf } from '../oracle/compare.ts';
import { NO_FACTS, outcome, specOf } from '../oracle/outcome.ts';

// https://learn.microsoft.com/azure/firewall/rule-processing
describe('the order of evaluation', () => {
  /** Every rule matches every web request, so that whichever is first decides. */
  function everything(
    make: typeof networkRule,
    place: {
      depth: number;
      group: string;
      groupPriority: number;
      collection: string;
      collectionPriority: number;
    },
  ): RuleDraft {
    return make('allow', { ...place, to: ['*'] });
  }

  test("is that of the documentation's example of a base policy and its child", () => {
    const base1 = { depth: 0, group: 'BaseRCG1', groupPriority: 200 };
    const base2 = { depth: 0, group: 'BaseRCG2', groupPriority: 300 };
    const child1 = { depth: 1, group: 'ChildRCG1', groupPriority: 300 };
    const child2 = { depth: 1, group: 'ChildRCG2', groupPriority: 650 };
    const built = policy(
      everything(networkRule, { ...base1, collection: 'NetworkRC1', collectionPriority: 800 }),
      everything(applicationRule, { ...base2, collection: 'AppRC2', collectionPriority: 1200 }),
      everything(networkRule, { ...base2, collection: 'NetworkRC2', collectionPriority: 1300 }),
      everything(networkRule, { ...child1, collection: 'ChNetRC1', collectionPriority: 700 }),
      everything(applicationRule, { ...child1, collection: 'ChAppRC1', collectionPriority: 900 }),
      everything(networkRule, { ...child2, collection: 'ChNetRC2', collectionPriority: 1100 }),
      everything(applicationRule, { ...child2, collection: 'ChAppRC2', collectionPriority: 2000 }),
    );
    const flow = flowOf(specOf({ to: 'example.com' }));
    const tried: string[] = [];
    for (;;) {
      const [cell] = walk(indexRules(built, flow.sources), flow, knowledgeOf(NO_FACTS), {
        skip: (rule) => tried.includes(rule.collection),
      });
      if (cell?.decision.rule === undefined) break;
      tried.push(cell.decision.rule.collection);
    }
    expect(tried).toEqual([
      'NetworkRC1',
      'NetworkRC2',
      'ChNetRC1',
      'ChNetRC2',
      'AppRC2',
      'ChAppRC1',
      'ChAppRC2',
    ]);
  });

  test("lets a network allow win over an application deny, as the documentation's first example says", () => {
    const built = policy(
      networkRule('allow', { to: ['*'], services: ['TCP 80', 'TCP 443'] }),
      applicationRule('deny', { to: ['google.com'], services: ['HTTP 80', 'HTTPS 443'] }),
    );
    expect(outcome(built, { to: 'google.com' })).toBe('allow');
    expect(outcome(built, { to: 'google.com', service: 'HTTP 80' })).toBe('allow');
  });

  test('ends at the first match: a network deny hides every application rule that allows', () => {
    const built = policy(
      networkRule('deny', { to: ['*'], services: ['TCP 443'] }),
      applicationRule('allow', { to: ['mcr.microsoft.com'], services: ['HTTPS 443', 'HTTP 80'] }),
    );
    expect(outcome(built, { to: 'mcr.microsoft.com' })).toBe('deny');
    expect(outcome(built, { to: 'mcr.microsoft.com', service: 'HTTP 80' })).toBe('allow');
  });

  test('ends at the first match within a stage too: an allow behind a deny of the same changes nothing', () => {
    const deny = { to: ['*.azurecr.io'], collectionPriority: 100 };
    const allow = { to: ['myregistry.azurecr.io'], collectionPriority: 200 };
    const built = policy(applicationRule('allow', allow), applicationRule('deny', deny));
    expect(outcome(built, { to: 'myregistry.azurecr.io' })).toBe('deny');
  });

  test('puts stages before numbers: a network rule of priority 65000 precedes an application rule of 100', () => {
    const built = policy(
      applicationRule('allow', { to: ['example.com'], groupPriority: 100, collectionPriority: 100 }),
      networkRule('deny', { groupPriority: 65_000, collectionPriority: 65_000 }),
    );
    expect(outcome(built, { to: 'example.com' })).toBe('deny');
  });

  test("puts stages before inheritance: a child's network rule precedes its parent's application rule", () => {
    const built = policy(
      applicationRule('deny', { depth: 0, to: ['example.com'] }),
      networkRule('allow', { depth: 1 }),
    );
    expect(outcome(built, { to: 'example.com' })).toBe('allow');
  });

  test("puts inheritance before numbers: a parent's group of 60000 precedes its child's of 100", () => {
    const built = policy(
      applicationRule('allow', { depth: 1, groupPriority: 100, to: ['example.com'] }),
      applicationRule('deny', { depth: 0, groupPriority: 60_000, to: ['*'] }),
    );
    expect(outcome(built, { to: 'example.com' })).toBe('deny');
  });

  test('ends in a deny', () => {
    expect(outcome(policy(), { to: 'mcr.microsoft.com' })).toBe('deny');
  });
});

describe('protocols', () => {
  test('Any with a port is TCP and UDP on that port', () => {
    const built = policy(networkRule('allow', { services: ['Any 443'] }));
    for (const service of ['TCP 443', 'UDP 443', 'HTTPS 443', 'HTTP 443']) {
      expect(outcome(built, { to: 'example.com', service })).toBe('allow');
    }
    expect(outcome(built, { to: 'example.com', service: 'TCP 80' })).toBe('deny');
    const ping = { ...flowOf(specOf({ to: ['20.0.0.5'] })), protocol: 'ICMP' as const };
    const fate = (services: string[]): string[] => {
      const all = policy(networkRule('allow', { services }));
      return walk(indexRules(all, ping.sources), ping, knowledgeOf(NO_FACTS)).map(outcomeOf);
    };
    expect(fate(['Any 443'])).toEqual(['deny']);
    expect(fate(['Any *'])).toEqual(['allow']);
  });

  test('an HTTPS rule covers neither QUIC on UDP 443 nor what is TCP 443 and not HTTPS', () => {
    const built = policy(applicationRule('allow', { to: ['*'], services: ['HTTPS 443'] }));
    expect(outcome(built, { to: 'example.com', service: 'HTTPS 443' })).toBe('allow');
    expect(outcome(built, { to: 'example.com', service: 'UDP 443' })).toBe('deny');
    expect(outcome(built, { to: 'example.com', service: 'TCP 443' })).toBe('deny');
    expect(outcome(built, { to: 'example.com', service: 'HTTP 80' })).toBe('deny');
  });

  test('an application rule does not hold requests to an address, which name no host', () => {
    const built = policy(applicationRule('allow', { to: ['*'] }));
    expect(outcome(built, { to: ['20.0.0.5'] })).toBe('deny');
  });
});

describe('rules that cover together what neither covers alone', () => {
  const covered = (...rules: RuleDraft[]): string =>
    outcome(policy(...rules), {
      from: ['10.0.0.0/24'],
      to: '*.hcp.westeurope.azmk8s.io',
      service: 'HTTPS 442-443',
    });
  const to = ['*.azmk8s.io'];

  test('by sources', () => {
    const half = (block: string): RuleDraft =>
      applicationRule('allow', { from: [block], to, services: ['HTTPS 442', 'HTTPS 443'] });
    expect(covered(half('10.0.0.0/25'), half('10.0.0.128/25'))).toBe('allow');
    expect(covered(half('10.0.0.0/25'), half('10.0.0.128/26'))).toBe('allow + deny');
  });

  test('by ports', () => {
    const one = (service: string): RuleDraft => applicationRule('allow', { to, services: [service] });
    expect(covered(one('HTTPS 442'), one('HTTPS 443'))).toBe('allow');
    expect(covered(one('HTTPS 443'))).toBe('allow + deny');
  });

  test('by addresses, in rules and in entries', () => {
    const flow = { to: ['20.0.0.0/24'], service: 'TCP 443' };
    const [low, high] = [{ to: ['20.0.0.0/25'] }, { to: ['20.0.0.128/25'] }];
    expect(outcome(policy(networkRule('allow', low), networkRule('allow', high)), flow)).toBe('allow');
    expect(outcome(policy(networkRule('allow', { to: [...low.to, ...high.to] })), flow)).toBe('allow');
    expect(outcome(policy(networkRule('deny', low), networkRule('allow', { to: ['*'] })), flow)).toBe(
      'allow + deny',
    );
  });

  test('but never by names inside a wildcard, of which there is always one more', () => {
    const names = ['a.example.com', 'b.example.com', '*.c.example.com'];
    const built = policy(applicationRule('allow', { to: names }));
    expect(outcome(built, { to: '*.example.com' })).toBe('allow + deny');
    const without = policy(
      applicationRule('deny', { to: ['secret.example.com'] }),
      applicationRule('allow', { to: ['*'] }),
    );
    expect(outcome(without, { to: '*.example.com' })).toBe('allow + deny');
    expect(outcome(without, { to: 'public.example.com' })).toBe('allow');
  });
});

describe('a wildcard that stands for one host that only the user knows', () => {
  test('may be the host that a rule names, and is certainly in the wildcard that a rule has', () => {
    const flow = { to: '*.hcp.westeurope.azmk8s.io', standsForHosts: true };
    const named = policy(applicationRule('allow', { to: ['prod-1a2b.hcp.westeurope.azmk8s.io'] }));
    expect(outcome(named, flow)).toBe('unknown');
    expect(outcome(policy(applicationRule('allow', { to: ['*.azmk8s.io'] })), flow)).toBe('allow');
    expect(outcome(policy(applicationRule('allow', { to: ['*.hcp.northeurope.azmk8s.io'] })), flow)).toBe(
      'deny',
    );
  });
});

describe('what is not known of the policy', () => {
  test('rules that are not given may decide flows of any source, whatever sources the index was made for', () => {
    const built = policy(
      opaqueRules('network', { kind: 'base-policy' }),
      applicationRule('allow', { depth: 1, to: ['mcr.microsoft.com'] }),
    );
    const flow = flowOf(specOf({ from: ['10.0.0.0/24'], to: 'mcr.microsoft.com' }));
    const index = indexRules(built, { ip: ALL_ADDRESSES, symbols: [] });
    expect(walk(index, flow, knowledgeOf(NO_FACTS)).map(outcomeOf)).toEqual(['unknown']);
  });

  test('a rule for private addresses may decide a name that resolves to one', () => {
    const built = policy(
      networkRule('deny', { to: ['10.1.0.0/16'] }),
      applicationRule('allow', { to: ['myregistry.azurecr.io'] }),
    );
    expect(outcome(built, { to: 'myregistry.azurecr.io' })).toBe('allow');
    expect(outcome(built, { to: 'myregistry.azurecr.io' }, { isPrivateName: () => true })).toBe('unknown');
  });
});

describe('network rules and addresses', () => {
  test('a tag or a public name leaves private addresses alone, also in a flow that has public ones too', () => {
    for (const to of ['AzureCloud', 'ntp.ubuntu.com']) {
      const built = policy(networkRule('deny', { to: [to] }), networkRule('allow', { to: ['10.1.0.0/16'] }));
      expect(outcome(built, { to: ['10.1.0.0/24', '20.0.0.0/24'], service: 'TCP 443' })).toBe('allow + deny');
    }
  });

  test('every public address is every destination of a public name, and none for sure of a private one', () => {
    const built = policy(networkRule('allow', { to: ['1.0.0.0-9.255.255.255', '11.0.0.0-255.255.255.255'] }));
    expect(outcome(built, { to: 'mcr.microsoft.com' })).toBe('allow');
    expect(outcome(built, { to: 'mcr.microsoft.com' }, { isPrivateName: () => true })).toBe('unknown');
  });

  test('a name with a wildcard holds no address, wherever the wildcard stands', () => {
    for (const to of ['*.azmk8s.io', 'www.*.com', 'contoso.*']) {
      const built = policy(networkRule('allow', { to: [to] }));
      for (const flow of ['*', 'contoso.com', ['20.0.0.5']]) {
        expect(outcome(built, { to: flow, service: 'TCP 443' })).toBe('deny');
      }
    }
  });
});

describe('application rules', () => {
  test('never see plain TCP, even where their protocol is not known', () => {
    const built = policy(applicationRule('allow', { to: ['*'], services: ['? 443'] }));
    expect(outcome(built, { to: 'mcr.microsoft.com', service: 'TCP 443' })).toBe('deny');
    expect(outcome(built, { to: 'mcr.microsoft.com', service: 'HTTPS 443' })).toBe('unknown');
  });
});

describe('sources', () => {
  test('an unresolved source is in 0.0.0.0/0, as it is in *', () => {
    for (const everyone of ['0.0.0.0/0', '*']) {
      const built = policy(applicationRule('allow', { from: [everyone], to: ['mcr.microsoft.com'] }));
      expect(outcome(built, { from: [symbol('nodes')], to: 'mcr.microsoft.com' })).toBe('allow');
    }
  });
});

describe('names that are not known letter by letter', () => {
  const cluster = `${symbol('cluster')}.hcp.westeurope.azmk8s.io`;

  test('may be an entry of a network rule, as they may be one of an application rule', () => {
    for (const rule of [networkRule, applicationRule]) {
      const built = policy(rule('allow', { to: ['prod.hcp.westeurope.azmk8s.io'] }));
      expect(outcome(built, { to: cluster })).toBe('unknown');
    }
  });

  test('are longer than what they certainly have', () => {
    const built = policy(applicationRule('allow', { to: [`${symbol('vault')}.vault.azure.net`] }));
    expect(outcome(built, { to: 'prod.vault.azure.net' })).toBe('unknown');
    expect(outcome(built, { to: 'vault.azure.net' })).toBe('deny');
  });
});

describe('names whose addresses lie in several service tags together', () => {
  const both = { tagsOfName: () => [['left', 'right']] };
  const to = 'mcr.microsoft.com';

  test('are allowed where all of the tags are, by one rule or by several', () => {
    expect(outcome(policy(networkRule('allow', { to: ['Left', 'Right'] })), { to }, both)).toBe('allow');
    const built = policy(networkRule('allow', { to: ['Left'] }), networkRule('allow', { to: ['Right'] }));
    expect(outcome(built, { to }, both)).toBe('allow');
  });

  test('are not allowed for sure by one of them', () => {
    expect(outcome(policy(networkRule('allow', { to: ['Left'] })), { to }, both)).toBe('unknown');
  });

  test('may be denied between the rules that allow the one and the other', () => {
    const built = policy(
      networkRule('allow', { to: ['Left'] }),
      networkRule('deny', { to: ['*'] }),
      networkRule('allow', { to: ['Right'] }),
    );
    expect(outcome(built, { to }, both)).toBe('unknown');
  });

  test('are allowed on the ports only that all of them are open on', () => {
    const built = policy(
      networkRule('allow', { to: ['Right'], services: ['TCP 80-443'] }),
      networkRule('allow', { to: ['Left'], services: ['TCP 443'] }),
    );
    expect(outcome(built, { to, service: 'HTTPS 443' }, both)).toBe('allow');
    expect(outcome(built, { to, service: 'HTTPS 80-443' }, both)).toBe('allow + unknown');
  });
});
