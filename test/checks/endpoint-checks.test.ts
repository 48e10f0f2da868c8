import { expectEveryMessageAndOptionExercised, testCheck } from './check-tester.ts';

const unlisted = { catalogue: 'unlisted' } as const;
const inactive = { catalogue: 'inactive' } as const;
const data = { destination: 'ingest.example.com', category: 'addon' };

testCheck('listed-endpoint-not-allowed', {
  fires: [
    {
      name: 'where no rule allows it',
      facts: { ...unlisted, verdict: 'missing' },
      data: { ...data, description: 'telemetry', nearMiss: "Rule 'a' comes close." },
      messageId: 'missing',
      message:
        "Azure lists 'ingest.example.com' on HTTPS 443 for this cluster (addon, telemetry), and no rule allows it. Rule 'a' comes close.",
      level: 'error',
    },
    {
      name: 'where only a part of it is allowed, of a feature that is off',
      facts: { ...inactive, verdict: 'partial' },
      data: { ...data, why: 'there are no GPU nodes', leftOut: 'Of X, the rules leave out 203.0.113.0/24.' },
      messageId: 'partial',
      message:
        "Azure lists 'ingest.example.com' on HTTPS 443 for this cluster (addon), and only a part of it is allowed. The catalogue has it for other clusters only: there are no GPU nodes. Of X, the rules leave out 203.0.113.0/24.",
      level: 'error',
    },
    {
      name: 'where a rule denies it',
      facts: { ...unlisted, verdict: 'denied' },
      data: { ...data, rule: "'no'" },
      messageId: 'denied',
      message:
        "Azure lists 'ingest.example.com' on HTTPS 443 for this cluster (addon), and rule 'no' denies it.",
      level: 'error',
    },
    {
      name: 'where it is allowed and broken',
      facts: { ...unlisted, works: 'no-dns-proxy' },
      data: { ...data, rule: "'by-name'", supply: 'turn DNS proxy on' },
      messageId: 'broken',
      message:
        "Azure lists 'ingest.example.com' on HTTPS 443 for this cluster (addon), and rule 'by-name' allows it in a way that does not work. To mend it, turn DNS proxy on.",
      level: 'error',
    },
  ],
  silent: [
    { name: 'where the catalogue has it, and says so itself', facts: { verdict: 'missing' } },
    { name: 'where nobody needs it', facts: { catalogue: 'stale', verdict: 'missing' } },
    { name: 'where it is declared', facts: { catalogue: 'declared', verdict: 'missing' } },
    { name: 'where it is allowed', facts: unlisted },
  ],
});

testCheck('listed-endpoint-undecided', {
  fires: [
    {
      name: 'where the rules leave it open',
      facts: { ...unlisted, verdict: 'unknown' },
      data: { ...data, supply: 'give the parameters' },
      messageId: 'undecided',
      message:
        "Azure lists 'ingest.example.com' on HTTPS 443 for this cluster (addon), and whether the rules allow it cannot be decided. To decide it, give the parameters.",
      level: 'warning',
    },
  ],
  silent: [
    { name: 'where it is allowed', facts: unlisted },
    { name: 'where the catalogue has it', facts: { verdict: 'unknown' } },
  ],
});

testCheck('endpoint-not-in-catalogue', {
  fires: [
    {
      name: 'where the firewall allows what only the list has',
      facts: unlisted,
      data,
      messageId: 'unlisted',
      message:
        "Azure lists 'ingest.example.com' on HTTPS 443 for this cluster (addon) and the firewall allows it, but the catalogue does not have it.",
      level: 'note',
    },
    {
      name: 'where it belongs to a feature that is off',
      facts: inactive,
      data: { ...data, why: 'there are no GPU nodes' },
      messageId: 'inactive',
      message:
        "Azure lists 'ingest.example.com' on HTTPS 443 for this cluster (addon) and the firewall allows it, but the catalogue has it for other clusters only: there are no GPU nodes. If the cluster has it, the profile should say so.",
      level: 'note',
    },
    {
      name: 'where nobody needs it any more, allowed or not',
      facts: { catalogue: 'stale', verdict: 'missing' },
      data: { ...data, evidence: 'It was replaced.' },
      messageId: 'stale',
      message:
        "Azure lists 'ingest.example.com' on HTTPS 443 for this cluster (addon), and the cluster does not need it. It was replaced.",
      level: 'note',
    },
  ],
  silent: [
    { name: 'where the catalogue has it' },
    { name: 'where another check says that it is not allowed', facts: { ...unlisted, verdict: 'missing' } },
    { name: 'where it is declared', facts: { catalogue: 'declared' } },
  ],
});

expectEveryMessageAndOptionExercised('endpoint');
