import { describe, expect, test } from 'vitest';
import { junit } from '../../src/reporters/junit.ts';
import type { Report } from '../../src/reporters/report.ts';
import { at, contextWith, findingAt, loadReport, readText, reportOf } from './fixture.ts';
import { casesOf, junitProblems, parseXml } from './junit-checker.ts';

/** Each test as "suite's class: name → result". */
function resultsOf(report: Report): string[] {
  const text = junit(report, contextWith());
  expect(junitProblems(text)).toEqual([]);
  return casesOf(parseXml(text)).map(({ attributes, children }) => {
    const result = children[0]?.name ?? 'passed';
    return `${attributes.get('classname') ?? ''}: ${attributes.get('name') ?? ''} → ${result}`;
  });
}

describe('a JUnit report', () => {
  test.each(['findings-of-every-kind', 'nothing-to-report', 'several-runs'])(
    'of %s is written as reviewed, by the rules of the format',
    (name) => {
      const text = junit(loadReport(name), contextWith());
      expect(text).toBe(readText(`expected/${name}.junit.xml`));
      expect(junitProblems(text)).toEqual([]);
    },
  );

  test('has a test for every requirement, which fails where something was found about it', () => {
    expect(resultsOf(loadReport('findings-of-every-kind')).slice(0, 7)).toEqual([
      'core: AzureCloud.westeurope UDP 1194 (core/tunnel) → passed',
      'core: mcr.microsoft.com HTTPS 443 (core/mcr) → failure',
      'core: *.data.mcr.microsoft.com HTTPS 443 (core/mcr-data) → failure',
      'core: packages.aks.azure.com HTTPS 443 (core/packages) → failure',
      'core: ntp.ubuntu.com UDP 123 (core/ntp) → passed',
      'azure-policy: data.policy.core.windows.net HTTPS 443 (azure-policy/data) → failure',
      'azure-policy: store.policy.core.windows.net HTTPS 443 (azure-policy/store) → skipped',
    ]);
  });

  test('fails for warnings too, and skips notes and what is suppressed', () => {
    const location = at('infra/hub-policy.json', 1);
    const findings = [
      findingAt(location, { level: 'error', check: 'missing-required' }),
      findingAt(location, { level: 'warning', check: 'broad-destination' }),
      findingAt(location, { level: 'note', check: 'retired-endpoint' }),
      findingAt(location, { level: 'error', check: 'broad-source', suppressed: true }),
    ];
    expect(resultsOf(reportOf(findings)).map((line) => line.replace(/.*: (.*): line 1 →/, '$1'))).toEqual([
      'missing-required failure',
      'broad-destination failure',
      'retired-endpoint skipped',
      'broad-source skipped',
    ]);
  });

  test('takes any text of a file', () => {
    const message = `A & B <c> "d" ]]> \u0000\u001b \uD800 'ü' 🚀`;
    const path = 'a & b/<é>"\n.json';
    const text = junit(reportOf([findingAt(at(path, 1), { message })]), contextWith());
    expect(junitProblems(text)).toEqual([]);
    const [only] = casesOf(parseXml(text));
    expect(only?.attributes.get('file')).toBe(path);
    expect(only?.children[0]?.attributes.get('message')).toContain(`A & B <c> "d" ]]>`);
    expect(only?.children[0]?.attributes.get('message')).toContain(`'ü' 🚀`);
  });
});

/** The checker guards every test above, so it must see what is wrong. */
describe('the checker of JUnit files', () => {
  const good = junit(loadReport('several-runs'), contextWith());
  test.each([
    ['a wrong count', (text: string) => text.replace('failures="3"', 'failures="2"'), 'where there are 3'],
    ['an unknown attribute', (text: string) => text.replace('line="47"', 'lines="47"'), 'unknown attribute'],
    [
      'an unknown element',
      (text: string) => text.replaceAll('failure>', 'fail>').replaceAll('<failure', '<fail'),
      'unknown',
    ],
    ['a missing name', (text: string) => text.replace(/(<testsuite) name="[^"]*"/, '$1'), 'no name'],
  ])('sees %s', (_name, change, expected) => {
    expect(junitProblems(change(good)).join('\n')).toContain(expected);
  });

  test.each([
    ['an open element', (text: string) => text.replace('</testsuites>', '')],
    ['a bare ampersand', (text: string) => text.replace('core/mcr', 'a & b')],
    ['a control character', (text: string) => text.replace('core/mcr', '\u0001')],
    ['a bare quote', (text: string) => text.replace('core/mcr', '"')],
  ])('refuses %s', (_name, change) => {
    expect(() => parseXml(change(good))).toThrow();
  });
});
