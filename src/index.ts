/** The library: what the command line does, for programs. */
export { run } from './commands/run.ts';
export type { Io, Output } from './commands/io.ts';
export { InputError, UsageError } from './errors.ts';
export { VERSION } from './version.ts';
export type { Finding, Report, RequirementRow, Run } from './reporters/report.ts';
export { CheckTester } from './testing/check-tester.ts';
export type {
  CheckCase,
  CheckCases,
  CheckSource,
  ExpectedFinding,
  FactsCase,
  PolicyCase,
  TestFramework,
} from './testing/check-tester.ts';
