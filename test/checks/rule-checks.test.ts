import { expectEveryMessageAndOptionExercised, testCheck } from './check-tester.ts';

const out = { scope: 'out' };
const unsure = { scope: 'unknown' };

testCheck('broad-source', {
  fires: [
    {
      name: 'on sources of which only a part is accepted',
      facts: { sourceBreadth: 'wider', sources: ['10.240.0.0/22', '10.250.0.0/24'] },
      data: { sources: '10.240.0.0/22, 10.250.0.0/24' },
      options: { acceptedSources: ['10.240.0.0/16', '10.250.0.0/25'] },
      messageId: 'wider',
      message:
        "Rule 'allow-aks' allows its destinations for 10.240.0.0/22, 10.250.0.0/24, which is more than the cluster.",
      level: 'warning',
    },
    {
      name: 'on a rule for every source, whatever networks are accepted',
      facts: { sourceBreadth: 'any', sources: ['*'] },
      options: { acceptedSources: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'] },
      messageId: 'any',
      message: "Rule 'allow-aks' allows its destinations for every source.",
      level: 'warning',
    },
    {
      name: 'on a rule for every source',
      facts: { sourceBreadth: 'any' },
      data: { sources: '*' },
      messageId: 'any',
      message: "Rule 'allow-aks' allows its destinations for every source.",
      level: 'warning',
    },
    {
      name: 'on a rule for the whole network',
      facts: { sourceBreadth: 'wider' },
      data: { sources: '10.0.0.0/8', excess: 'the cluster is 10.240.0.0/22' },
      messageId: 'wider',
      message:
        "Rule 'allow-aks' allows its destinations for 10.0.0.0/8, though the cluster is 10.240.0.0/22.",
      level: 'warning',
    },
  ],
  silent: [
    {
      name: 'on sources that accepted ranges hold together',
      facts: { sourceBreadth: 'wider', sources: ['10.250.0.0/24', '10.251.0.1-10.251.0.9'] },
      options: { acceptedSources: ['10.250.0.0/25', '10.250.0.128/25', '10.251.0.0/28'] },
    },
    {
      name: 'on a rule for every source where that is accepted',
      facts: { sourceBreadth: 'any', sources: ['*'] },
      options: { acceptedSources: ['*'] },
    },
    { name: 'on the sources of the cluster' },
    { name: 'on a rule that is not for the cluster', facts: { sourceBreadth: 'any', ...out } },
    { name: 'on a deny', facts: { sourceBreadth: 'any', action: 'deny' } },
    { name: 'on sources that are not known', facts: { sourceBreadth: 'unknown', ...unsure } },
    { name: 'on a rule without effect', facts: { sourceBreadth: 'any', usage: 'shadowed' } },
  ],
});

testCheck('shadowed-rule', {
  fires: [
    {
      name: 'on a deny behind the allow that it should limit',
      facts: { usage: 'shadowed', action: 'deny' },
      data: { rule: "'deny-storage'", by: "'allow-all'" },
      messageId: 'deny',
      message:
        "Rule 'deny-storage' never denies anything: all that it could match is decided earlier by 'allow-all'.",
      level: 'warning',
    },
    {
      name: 'on an allow that earlier rules decide',
      facts: { usage: 'shadowed', ...unsure },
      messageId: 'shadowed',
      message:
        "Rule 'allow-aks' never decides anything: all that it could match is decided earlier by other rules.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'on a rule that decides something' },
    { name: 'on a redundant one', facts: { usage: 'redundant' } },
    { name: 'on a rule that is not for the cluster', facts: { usage: 'shadowed', ...out } },
  ],
});

testCheck('redundant-rule', {
  fires: [
    {
      name: 'on an allow that others repeat',
      facts: { usage: 'redundant' },
      data: { by: "'aks-tag'" },
      messageId: 'redundant',
      message: "Rule 'allow-aks' is redundant: the same traffic is allowed by 'aks-tag'.",
      level: 'note',
    },
  ],
  silent: [
    { name: 'on a rule that matters' },
    { name: 'on a closing deny, which repeats the default', facts: { usage: 'redundant', action: 'deny' } },
    { name: 'on a rule that is not for the cluster', facts: { usage: 'redundant', ...out } },
  ],
});

testCheck('ambiguous-priority', {
  fires: [
    {
      name: 'on two collections of one priority',
      facts: { tie: 'yes' },
      data: { rule: "'allow-web'", priority: '200', other: "'deny-web'" },
      messageId: 'tie',
      message:
        "'allow-web' and 'deny-web' have equal priority 200 and different actions, so which of them decides first is not defined.",
      level: 'warning',
    },
    {
      name: 'as an error in the preset strict',
      facts: { tie: 'yes' },
      data: { other: "'deny-web'" },
      preset: 'strict',
      messageId: 'tie',
      message:
        "'allow-aks' and 'deny-web' have equal priority and different actions, so which of them decides first is not defined.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'without a tie' },
    { name: 'on a rule that is not for the cluster', facts: { tie: 'yes', ...out } },
  ],
});

testCheck('ineffective-field', {
  fires: [
    {
      name: 'on destinationAddresses of an application rule',
      facts: { ineffective: 'yes' },
      data: { field: 'destinationAddresses' },
      messageId: 'ignored',
      message: "Rule 'allow-aks' sets 'destinationAddresses', which Azure Firewall accepts and ignores.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'where every field has an effect' },
    { name: 'on a rule that is not for the cluster', facts: { ineffective: 'yes', ...out } },
  ],
});

testCheck('invalid-rule', {
  fires: [
    {
      name: 'even on a rule that is not for the cluster, since nothing of its group deploys then',
      facts: { invalid: 'yes', ...out },
      data: { reason: "source '10.1.2.300', not an IP address" },
      messageId: 'invalid',
      message: "Rule 'allow-aks' cannot be deployed: source '10.1.2.300', not an IP address.",
      level: 'error',
    },
  ],
  silent: [{ name: 'where Azure accepts everything in the rule' }],
});

testCheck('sku-mismatch', {
  fires: [
    {
      name: 'even on a rule that is not for the cluster, since nothing deploys then',
      facts: { tier: 'too-low', ...out },
      data: { tier: 'Standard', needs: 'TLS inspection (Premium)' },
      messageId: 'tooLow',
      message:
        "Rule 'allow-aks' uses TLS inspection (Premium), which the Standard tier of the policy does not have.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'on a tier that has it' },
    { name: 'on a tier that is not known', facts: { tier: 'unknown' } },
  ],
});

testCheck('unresolved-expression', {
  fires: [
    {
      name: 'with the reason and what to supply',
      facts: { unresolved: 'yes' },
      data: {
        reason: "parameter 'location' has no value",
        supply: 'give its value with --parameters',
      },
      messageId: 'unresolved',
      message:
        "Rule 'allow-aks' cannot be judged completely: parameter 'location' has no value. To decide it, give its value with --parameters.",
      level: 'note',
    },
  ],
  silent: [
    { name: 'where everything is known' },
    { name: 'on a rule that is not for the cluster', facts: { unresolved: 'yes', ...out } },
  ],
});

testCheck('fqdn-rule-needs-dns-proxy', {
  fires: [
    {
      name: 'on names in a network rule',
      facts: { dnsProxy: 'off' },
      data: { rule: "'ntp'" },
      messageId: 'proxyOff',
      message:
        "Rule 'ntp' uses names in a network rule, but DNS proxy is off: the firewall and its clients may resolve different addresses, and then the rule does not match.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'with DNS proxy', facts: { dnsProxy: 'on' } },
    { name: 'where the setting is not known', facts: { dnsProxy: 'unknown' } },
    { name: 'on a rule without effect', facts: { dnsProxy: 'off', usage: 'shadowed' } },
    { name: 'on a rule that is not for the cluster', facts: { dnsProxy: 'off', ...out } },
  ],
});

expectEveryMessageAndOptionExercised('rule');
