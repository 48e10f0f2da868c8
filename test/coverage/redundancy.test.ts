import { describe, expect, test } from 'vitest';
import { findRedundancy } from '../../src/coverage/redundancy.ts';
import { indexEveryRule } from '../../src/coverage/rule-index.ts';
import {
  applicationRule,
  networkRule,
  opaqueRules,
  policy,
  policyWith,
  type RuleDraft,
} from '../oracle/build.ts';
import { knowledgeOf } from '../oracle/compare.ts';
import { NO_FACTS } from '../oracle/outcome.ts';

/** The entries of the rules, as they stand there, with what each is to the policy. */
function fates(...drafts: readonly RuleDraft[]): string[] {
  const built = policy(...drafts);
  const redundancy = findRedundancy(indexEveryRule(built), built.rules, knowledgeOf(NO_FACTS));
  return built.rules.flatMap((rule) =>
    rule.destinations.map((one) => `${one.text} ${redundancy.entry(rule, one).usage}`),
  );
}

describe('an entry among others of its rule', () => {
  test('is used where it has addresses of its own', () => {
    expect(fates(networkRule('allow', { to: ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'] }))).toEqual([
      '10.1.0.0/16 used',
      '10.2.0.0/16 used',
      '10.3.0.0/16 used',
    ]);
  });

  test('is redundant where another one holds it, and not the other way round', () => {
    const order = [
      ['20.0.0.0/24', '*'],
      ['*', '20.0.0.0/24'],
    ];
    for (const to of order) {
      expect(fates(networkRule('allow', { to })).sort()).toEqual(['* used', '20.0.0.0/24 redundant']);
    }
  });

  test('is redundant where an earlier rule has it, whatever its rule has besides', () => {
    expect(
      fates(
        networkRule('allow', { to: ['10.1.0.0/16'] }),
        networkRule('allow', { to: ['10.1.0.0/16', '10.2.0.0/16'] }),
      ),
    ).toEqual(['10.1.0.0/16 used', '10.1.0.0/16 redundant', '10.2.0.0/16 used']);
  });
});

describe('an entry is used', () => {
  test('where one of its services is not known, whatever is known of the others', () => {
    const everything = networkRule('allow', { to: ['*'], services: ['TCP 443'] });
    const rule = { to: ['10.1.0.0/16'], services: ['TCP 443'] };
    expect(fates(everything, networkRule('allow', rule))).toEqual(['* used', '10.1.0.0/16 redundant']);
    for (const open of ['TCP ?', '? 443']) {
      const less = networkRule('allow', { ...rule, services: ['TCP 443', open] });
      expect(fates(everything, less)).toEqual(['* used', '10.1.0.0/16 used']);
    }
  });

  test.each([
    ['*', 'Storage'],
    ['*', 'mcr.microsoft.com'],
    ['Storage', 'Storage.westeurope'],
    ['Storage', '20.0.0.0/8'],
    ['AzureCloud', 'Storage'],
  ])('where a rule behind it denies a part of %s: %s', (to, part) => {
    const mine = networkRule('allow', { from: ['10.0.0.0/25'], to: [to], collectionPriority: 100 });
    const deny = networkRule('deny', { to: [part], collectionPriority: 200 });
    const everybody = networkRule('allow', { to: [to], collectionPriority: 300 });
    expect(fates(mine, deny, everybody)).toEqual([`${to} used`, `${part} used`, `${to} used`]);
    expect(fates(mine, everybody)).toEqual([`${to} redundant`, `${to} used`]);
  });

  test('where rules that are not given stand between it and the rule that holds it', () => {
    expect(
      fates(
        networkRule('allow', { to: ['10.1.0.0/16'] }),
        opaqueRules('network', { depth: 1 }),
        networkRule('allow', { depth: 2, to: ['10.0.0.0/8'] }),
      ),
    ).toEqual(['10.1.0.0/16 used', '10.0.0.0/8 used']);
  });

  test('where it allows every protocol and the others TCP and UDP: that leaves ICMP', () => {
    const to = ['10.1.0.0/16'];
    const both = networkRule('allow', { to, services: ['TCP *', 'UDP *'] });
    expect(fates(both, networkRule('allow', { to, services: ['Any *'] }))).toEqual([
      '10.1.0.0/16 redundant',
      '10.1.0.0/16 used',
    ]);
    // https://learn.microsoft.com/azure/firewall/rule-processing: with ports, Any is TCP and UDP
    expect(fates(both, networkRule('allow', { to, services: ['Any 443'] }))).toEqual([
      '10.1.0.0/16 used',
      '10.1.0.0/16 redundant',
    ]);
    const ping = networkRule('allow', { to, services: ['ICMP *'] });
    expect(fates(networkRule('allow', { to, services: ['Any 443'] }), ping)[1]).toBe('10.1.0.0/16 used');
    expect(fates(networkRule('allow', { to, services: ['Any *'] }), ping)[1]).toBe('10.1.0.0/16 redundant');
  });
});

describe('an entry without TLS inspection', () => {
  const whole = applicationRule('allow', { to: ['mcr.microsoft.com'] });
  const inspecting = (collectionPriority: number): RuleDraft =>
    applicationRule('allow', { to: ['*'], terminateTls: true, collectionPriority });

  test('is used where what would allow its traffic behind it breaks the encryption', () => {
    expect(fates(inspecting(200), whole)).toEqual(['mcr.microsoft.com used', '* used']);
  });

  test('is shadowed, not redundant, where an inspecting rule decides first', () => {
    expect(fates(inspecting(50), whole)).toEqual(['* used', 'mcr.microsoft.com shadowed']);
  });
});

describe('a name in a network rule', () => {
  const rules = [
    networkRule('allow', { to: ['mcr.microsoft.com'], name: 'by address' }),
    applicationRule('allow', { to: ['mcr.microsoft.com'], name: 'by name' }),
  ];

  test('replaces an application rule only where the DNS proxy is on', () => {
    const usage = (dnsProxy: 'on' | 'off' | 'unknown'): string[] => {
      const built = policyWith({ dnsProxy }, ...rules);
      const redundancy = findRedundancy(indexEveryRule(built), built.rules, knowledgeOf(NO_FACTS));
      return built.rules.map((rule) => `${rule.name}: ${redundancy.rule(rule).usage}`);
    };
    expect(usage('on')).toEqual(['by address: used', 'by name: redundant']);
    expect(usage('off')).toEqual(['by address: used', 'by name: used']);
    expect(usage('unknown')).toEqual(['by address: used', 'by name: used']);
  });
});
