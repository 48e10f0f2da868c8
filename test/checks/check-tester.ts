import { afterAll, describe, expect, it } from 'vitest';
import { CHECKS, presetSettings } from '../../src/checks/catalogue.ts';
import type { Check, Level } from '../../src/checks/check.ts';
import { MessageTemplate } from '../../src/checks/message.ts';
import { runChecks, type CheckResult } from '../../src/checks/run.ts';
import { classOf } from '../../src/coverage/fact-class.ts';
import type { FactsOf, Part, Subject, TargetKind } from '../../src/coverage/facts.ts';

/** A subject of each kind with which everything is right: no check fires on it. */
const RIGHT: { readonly [K in TargetKind]: { facts: FactsOf<K>; data: Readonly<Record<string, string>> } } = {
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
      correction: '',
      sources: '10.240.0.0/22',
      alternatives: '',
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
  },
  policy: {
    facts: { attached: 'yes', sources: 'given', rules: 'some' },
    data: { policy: 'hub-policy', candidates: '', reason: '', supply: '' },
  },
};

export type Facts = Readonly<Record<string, string>>;

/** A subject that differs from the right one in some facts and data. Frozen: checks only read. */
export function subjectWith(target: TargetKind, facts: Facts = {}, data: Facts = {}, part?: Part): Subject {
  const right = RIGHT[target];
  const unknown = [
    ...Object.keys(facts).filter((fact) => !(fact in right.facts)),
    ...Object.keys(data).filter((name) => !(name in right.data)),
  ];
  if (unknown.length > 0) throw new Error(`No such fact or data of a ${target}: ${unknown.join(', ')}`);
  return deepFreeze({
    target,
    ...(part === undefined ? {} : { part }),
    facts: { ...right.facts, ...facts },
    class: classOf(target, { ...right.facts, ...facts }),
    data: { ...right.data, ...data },
    identity: 'subject',
    requirement: null,
    entry: null,
    place: { path: 'policy.json', pointer: '' },
    related: [],
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}

interface FiringCase {
  /** Completes the sentence "it fires …". */
  readonly name: string;
  readonly facts: Facts;
  readonly data?: Facts;
  readonly messageId: string;
  readonly message: string;
  /** Under the preset recommended, unless the case says strict or audit. */
  readonly level: Level;
  readonly preset?: 'recommended' | 'strict' | 'audit';
}

interface SilentCase {
  /** Completes the sentence "it stays silent …". */
  readonly name: string;
  readonly facts?: Facts;
}

const exercised = new Set<string>();

/** Tests one check on subjects that differ from the right one in the given facts. */
export function testCheck(
  id: string,
  cases: {
    readonly fires: readonly [FiringCase, ...FiringCase[]];
    readonly silent: readonly [SilentCase, ...SilentCase[]];
  },
): void {
  const check = checkOf(id);
  describe(id, () => {
    it.each(cases.fires)('fires $name', async ({ facts, data, messageId, message, level, preset }) => {
      exercised.add(`${id}/${messageId}`);
      const subject = subjectWith(check.target, facts, data, check.part);
      const found = await resultsOf(id, subject, preset);
      const template = new MessageTemplate(check.meta.messages[messageId] ?? `no message ${messageId}`);
      expect(found).toEqual([{ check: id, level, messageId, message, data: subject.data, subject }]);
      expect(message).toBe(template.render(subject.data));
    });
    it.each(cases.silent)('stays silent $name', async ({ facts }) => {
      expect(await resultsOf(id, subjectWith(check.target, facts, {}, check.part), 'audit')).toEqual([]);
    });
  });
}

/** At the end of the file with the tests of one target: each of its checks and messages must have been exercised. */
export function expectEveryMessageExercised(target: TargetKind): void {
  afterAll(() => {
    const messages = CHECKS.filter((check) => check.target === target).flatMap((check) =>
      Object.keys(check.meta.messages).map((messageId) => `${check.id}/${messageId}`),
    );
    expect([...exercised].sort()).toEqual(messages.sort());
  });
}

async function resultsOf(id: string, subject: Subject, preset = 'recommended'): Promise<CheckResult[]> {
  const results = await runChecks([subject], presetSettings(preset));
  return results.filter((result) => result.check === id);
}

function checkOf(id: string): Check {
  const check = CHECKS.find((candidate) => candidate.id === id);
  if (check === undefined) throw new Error(`No check ${id}`);
  return check;
}
