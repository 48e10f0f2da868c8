import { afterAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/catalogue.ts';
import type { Level } from '../../src/checks/check.ts';
import type { TargetKind } from '../../src/coverage/facts.ts';
import { CheckTester } from '../../src/testing/check-tester.ts';

export { subjectWith } from '../../src/testing/right-subjects.ts';

export type Facts = Readonly<Record<string, string>>;

interface FiringCase {
  /** Completes the sentence "it fires …". */
  readonly name: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly data?: Facts;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly messageId: string;
  readonly message: string;
  /** Under the preset recommended, unless the case says strict or audit. */
  readonly level: Level;
  readonly preset?: 'recommended' | 'strict' | 'audit';
}

interface SilentCase {
  /** Completes the sentence "it stays silent …". */
  readonly name: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
}

const tester = new CheckTester({ describe, it });
/** `<check>/<option>` by whether the check fired although the option was set. */
const optionsTried = { fires: new Set<string>(), silent: new Set<string>() };

/** Tests one built-in check on subjects that differ from the right one in the given facts. */
export function testCheck(
  id: string,
  cases: {
    readonly fires: readonly [FiringCase, ...FiringCase[]];
    readonly silent: readonly [SilentCase, ...SilentCase[]];
  },
): void {
  for (const outcome of ['fires', 'silent'] as const) {
    for (const { options = {} } of cases[outcome]) {
      for (const option of Object.keys(options)) optionsTried[outcome].add(`${id}/${option}`);
    }
  }
  tester.run(id, {
    valid: cases.silent,
    invalid: cases.fires.map(({ messageId, message, level, ...one }) => ({
      ...one,
      findings: [{ messageId, message, level }],
    })),
  });
}

/**
 * At the end of the file with the tests of one target: each message of its checks must have been exercised, and each option
 * in a case where it silences the check and in one where it does not.
 */
export function expectEveryMessageAndOptionExercised(target: TargetKind): void {
  afterAll(() => {
    const checks = CHECKS.filter((check) => check.target === target);
    const messages = checks.flatMap(({ id, meta }) =>
      Object.keys(meta.messages).map((messageId) => `${id}/${messageId}`),
    );
    const options = checks.flatMap(({ id, meta }) =>
      Object.keys(meta.schema?.properties ?? {}).map((option) => `${id}/${option}`),
    );
    // Other files may have tried those of other targets before.
    const own = (tried: ReadonlySet<string>): string[] =>
      [...tried].filter((one) => checks.some(({ id }) => one.startsWith(`${id}/`))).sort();
    expect(own(optionsTried.fires)).toEqual(options.sort());
    expect(own(optionsTried.silent)).toEqual(options.sort());
    expect(own(tester.exercised)).toEqual(messages.sort());
  });
}
