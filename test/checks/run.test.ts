import { Engine } from 'json-rules-engine';
import { describe, expect, it, vi } from 'vitest';
import { CHECKS, presetIds, presetSettings } from '../../src/checks/catalogue.ts';
import { runChecks, type CheckResult } from '../../src/checks/run.ts';
import type { Subject } from '../../src/coverage/facts.ts';
import { UsageError } from '../../src/errors.ts';
import { cpuTimeOf } from '../cpu-time.ts';
import { subjectWith } from './check-tester.ts';

const recommended = presetSettings('recommended');
const missing = subjectWith('requirement', { verdict: 'missing' });
const broad = subjectWith('entry', { destinationBreadth: 'wider' });
const empty = subjectWith('policy', { attached: 'no', rules: 'none' });
const right = subjectWith('requirement');

describe('runChecks', () => {
  it('finds nothing in subjects with which everything is right', async () => {
    const subjects = [right, subjectWith('entry'), subjectWith('rule'), subjectWith('policy')];
    expect(await runChecks(subjects, presetSettings('strict'))).toEqual([]);
  });

  it('keeps the order of the subjects, then that of the check ids', async () => {
    const results = await runChecks([empty, right, missing, empty], recommended);
    expect(results.map((result) => result.check)).toEqual([
      'no-rules',
      'policy-not-attached',
      'missing-required',
      'no-rules',
      'policy-not-attached',
    ]);
    expect(results[2]?.subject).toBe(missing);
  });

  it('gives two runs at the same time the same results as one after the other', async () => {
    const subjects = CHECKS.flatMap(() => [
      broad,
      missing,
      subjectWith('rule', { usage: 'shadowed', tie: 'yes' }),
    ]);
    const [first, second] = await Promise.all([
      runChecks(subjects, recommended),
      runChecks(subjects.toReversed(), recommended),
    ]);
    const ids = (results: readonly CheckResult[]): string[] => results.map(({ check }) => check).sort();
    expect(ids(second)).toEqual(ids(first));
    expect(await runChecks(subjects, recommended)).toEqual(first);
  });

  it('fills each message from its own subject, though equal facts are judged once', async () => {
    const subjects = ['a.example', 'b.example'].map((destination) =>
      subjectWith('requirement', { verdict: 'missing' }, { destination, sources: '', purpose: '' }),
    );
    const results = await runChecks(subjects, recommended);
    expect(results.map((result) => result.message)).toEqual([
      "No rule allows 'a.example' on HTTPS 443, which AKS needs.",
      "No rule allows 'b.example' on HTTPS 443, which AKS needs.",
    ]);
  });

  it('takes the level from the settings and drops what is off', async () => {
    const levels = new Map([
      ['no-rules', 'off'],
      ['policy-not-attached', 'error'],
    ] as const);
    const results = await runChecks([empty], { ...recommended, levels });
    expect(results.map(({ check, level }) => [check, level])).toEqual([['policy-not-attached', 'error']]);
  });

  it('uses the default level of a check that the settings do not name', async () => {
    const results = await runChecks([empty], { ...recommended, levels: new Map() });
    expect(results.map(({ level }) => level)).toEqual(['warning', 'note']);
  });

  it('runs json-rules-engine as often for 100,000 subjects as for one of each class', async () => {
    const engineRuns = vi.spyOn(Engine.prototype, 'run');
    const runsFor = async (subjects: readonly Subject[]): Promise<number> => {
      engineRuns.mockClear();
      // Settings of their own: what was judged under others is known already.
      await runChecks(subjects, { ...recommended });
      return engineRuns.mock.calls.length;
    };
    const once = await runsFor([right, broad]);
    expect(once).toBeGreaterThan(0);
    expect(await runsFor(Array.from({ length: 100_000 }, (_, at) => (at % 2 === 0 ? right : broad)))).toBe(
      once,
    );
    engineRuns.mockRestore();
  });

  it('judges 100,000 subjects of few classes in well under a second of CPU', async () => {
    const subjects = Array.from({ length: 100_000 }, (_, at) => (at % 2 === 0 ? right : broad));
    const spent = await cpuTimeOf(async () => {
      expect(await runChecks(subjects, recommended)).toHaveLength(50_000);
    });
    // Measured 90–150 ms; an engine run per subject would take seconds.
    expect(spent).toBeLessThan(1_500);
  });
});

describe('presets', () => {
  it('are audit, recommended and strict', () => {
    expect(presetIds()).toEqual(['audit', 'recommended', 'strict']);
  });

  it('strict refuses what cannot be decided', async () => {
    const undecided = subjectWith('requirement', { verdict: 'unknown', doubt: 'unresolved' });
    const levelUnder = async (preset: string): Promise<string | undefined> =>
      (await runChecks([undecided], presetSettings(preset)))[0]?.level;
    expect([await levelUnder('recommended'), await levelUnder('strict')]).toEqual(['warning', 'error']);
  });

  it('audit has every check on', () => {
    expect([...presetSettings('audit').levels.values()]).not.toContain('off');
  });

  it('recommended leaves undecided recommendations to the summary', async () => {
    const undecided = subjectWith('requirement', {
      standing: 'recommended',
      verdict: 'unknown',
      doubt: 'base-policy',
    });
    expect(await runChecks([undecided], recommended)).toEqual([]);
  });

  it('name every check', () => {
    for (const id of presetIds()) {
      expect([...presetSettings(id).levels.keys()]).toEqual(CHECKS.map((check) => check.id));
    }
  });

  it('refuse an unknown name and list those that exist', () => {
    expect(() => presetSettings('paranoid')).toThrow(UsageError);
    expect(() => presetSettings('paranoid')).toThrow(
      "Unknown preset 'paranoid': expected one of audit, recommended, strict.",
    );
  });
});
