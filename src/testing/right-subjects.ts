import { classOf } from '../coverage/fact-class.ts';
import type { FactsOf, Part, Subject, TargetKind } from '../coverage/facts.ts';
import type { OpenFactsOf } from '../coverage/open-facts.ts';
import { didYouMean } from '../profile/did-you-mean.ts';

/** Open facts of a subject of each kind, in agreement with the rest. */
const POLICY = { name: 'hub-policy', tier: 'Premium', threatIntel: 'Deny', chain: ['hub-policy'] };
const PLACE = { file: 'policy.json', pointer: '' };
const RULE = {
  name: 'allow-aks',
  description: '',
  collection: 'aks',
  group: 'egress',
  policy: 'hub-policy',
  action: 'allow',
  stage: 'application',
  groupPriority: 200,
  priority: 1000,
};
const CELL = {
  ports: ['443'],
  protocols: ['HTTPS'],
  sources: ['10.240.0.0/22'],
  sourceTags: [],
  rule: RULE,
  policy: POLICY,
  place: PLACE,
};

/** A subject of each kind with which everything is right: no built-in check fires on it. */
const RIGHT: {
  readonly [K in TargetKind]: {
    readonly facts: FactsOf<K>;
    readonly data: Readonly<Record<string, string>>;
    readonly open: OpenFactsOf<K>;
  };
} = {
  requirement: {
    facts: {
      verdict: 'covered',
      applies: 'yes',
      standing: 'required',
      works: 'yes',
      how: 'exact',
      doubt: 'none',
      nearMiss: 'none',
    },
    data: {
      destination: 'mcr.microsoft.com',
      service: 'HTTPS 443',
      feature: 'core',
      purpose: 'pull system images',
      why: '',
      supply: '',
      nearMiss: '',
      rule: '',
      remainder: '',
      denier: '',
      leftOut: '',
      correction: '',
      otherwise: '',
      sources: '10.240.0.0/22',
      alternatives: '',
    },
    open: {
      destination: 'mcr.microsoft.com',
      host: 'mcr.microsoft.com',
      addresses: [],
      tags: [],
      ports: ['443'],
      protocols: ['HTTPS'],
      sources: ['10.240.0.0/22'],
      allowedBy: ['allow-aks'],
      deniedBy: [],
      requirement: {
        id: 'core/mcr',
        row: 'T02.02',
        feature: 'core',
        necessity: 'required',
        purpose: 'pull system images',
        since: '',
        until: '',
      },
      source: { document: 'Outbound rules', url: 'https://learn.microsoft.com', read: '2026-01-31' },
      policy: POLICY,
      place: PLACE,
    },
  },
  entry: {
    facts: {
      usage: 'required',
      need: 'active',
      kind: 'name',
      stage: 'application',
      destinationBreadth: 'exact',
      portBreadth: 'exact',
      protocolBreadth: 'exact',
      form: 'ok',
      endpoint: 'ok',
      ruleUsage: 'used',
    },
    data: {
      destination: 'mcr.microsoft.com',
      service: 'HTTPS 443',
      rule: "'allow-aks'",
      needed: '',
      excess: '',
      by: '',
      belongs: '',
      instead: '',
      evidence: '',
    },
    open: {
      destination: 'mcr.microsoft.com',
      host: 'mcr.microsoft.com',
      addresses: [],
      tags: [],
      requirement: { id: 'core/mcr' },
      ...CELL,
    },
  },
  rule: {
    facts: {
      action: 'allow',
      scope: 'in',
      usage: 'used',
      sourceBreadth: 'exact',
      dnsProxy: 'not-needed',
      invalid: 'no',
      ineffective: 'no',
      tier: 'ok',
      unresolved: 'no',
      tie: 'no',
    },
    data: {
      rule: "'allow-aks'",
      sources: '10.240.0.0/22',
      excess: '',
      by: '',
      field: '',
      tier: '',
      needs: '',
      reason: '',
      supply: '',
      priority: '',
      other: '',
    },
    open: { hosts: ['mcr.microsoft.com'], addresses: [], tags: [], ...CELL },
  },
  policy: {
    facts: { attached: 'yes', sources: 'given', rules: 'some' },
    data: { policy: 'hub-policy', candidates: '', reason: '', supply: '' },
    open: { policy: POLICY, place: PLACE },
  },
  endpoint: {
    facts: { catalogue: 'known', verdict: 'covered', works: 'yes' },
    data: {
      destination: 'mcr.microsoft.com',
      service: 'HTTPS 443',
      category: 'images',
      description: '',
      why: '',
      evidence: '',
      supply: '',
      rule: '',
      nearMiss: '',
      leftOut: '',
    },
    open: {
      host: 'mcr.microsoft.com',
      category: 'images',
      ports: ['443'],
      protocols: ['HTTPS'],
      policy: POLICY,
      place: PLACE,
    },
  },
  cluster: {
    facts: {
      outbound: 'firewall',
      route: 'firewall',
      dns: 'firewall',
      dnsProxy: 'on',
      publicIp: 'no',
      securityRule: 'none',
      httpProxy: 'no',
      contradiction: 'no',
    },
    data: {
      cluster: 'aks',
      policy: 'hub-policy',
      outboundType: 'userDefinedRouting',
      subnet: 'nodes',
      hop: '',
      servers: '',
      pool: '',
      group: '',
      rule: '',
      proxy: '',
      judged: '',
      said: '',
      shown: '',
      by: '',
    },
    open: { cluster: 'aks', policy: POLICY, place: PLACE },
  },
};

/** Facts by name, closed or open; a fact with members is an object of some of them. */
export type TestFacts = Readonly<Record<string, unknown>>;

/**
 * A subject that differs from the right one in some facts and data. Frozen: checks only read.
 *
 * @throws {Error} for facts, members and data that such a subject does not have
 */
export function subjectWith(
  target: TargetKind,
  facts: TestFacts = {},
  data: Readonly<Record<string, string>> = {},
  part?: Part,
): Subject {
  const right = RIGHT[target];
  const closed: Record<string, string> = {};
  const open: Record<string, unknown> = {};
  for (const [fact, value] of Object.entries(facts)) {
    if (fact in right.facts && typeof value === 'string') closed[fact] = value;
    else open[fact] = memberwise(fact, right.open, value, target);
  }
  for (const name of Object.keys(data)) {
    if (!(name in right.data))
      throw new Error(`No such data of ${target}: ${name}.${didYouMean(name, Object.keys(right.data))}`);
  }
  const all = { ...right.facts, ...closed };
  return deepFreeze({
    target,
    ...(part === undefined ? {} : { part }),
    facts: all,
    class: classOf(target, all),
    open: { ...right.open, ...open },
    data: { ...right.data, ...data },
    identity: 'subject',
    requirement: null,
    entry: null,
    place: { path: 'policy.json', pointer: '' },
    related: [],
  });
}

function memberwise(
  fact: string,
  right: Readonly<Record<string, unknown>>,
  value: unknown,
  target: string,
): unknown {
  const known = right[fact];
  if (known === undefined)
    throw new Error(`No such fact of ${target}: ${fact}.${didYouMean(fact, Object.keys(right))}`);
  if (typeof known !== 'object' || known === null || Array.isArray(known)) return value;
  if (typeof value !== 'object' || value === null)
    throw new Error(`Fact ${fact} has members: expected an object of ${Object.keys(known).join(', ')}.`);
  for (const member of Object.keys(value)) {
    if (!(member in known))
      throw new Error(`Fact ${fact} has no member ${member}.${didYouMean(member, Object.keys(known))}`);
  }
  return { ...known, ...value };
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
