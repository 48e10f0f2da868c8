import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { pretty } from '../../src/reporters/pretty.ts';
import { displayWidth } from '../../src/reporters/text-layout.ts';
import { locate } from '../../src/locate/index.ts';
import { at, contextWith, findingAt, loadReport, readText, reportOf, sourceText } from './fixture.ts';

const report = loadReport('findings-of-every-kind');

describe('the fixtures', () => {
  test.each(['findings-of-every-kind', 'several-runs'])('of %s stand where their pointers lead', (name) => {
    for (const { location } of loadReport(name).findings) {
      const { path, pointer, ...region } = location;
      expect(locate(sourceText(path) ?? '', [{ pointer }])).toEqual([region]);
    }
  });
});

describe('text for people', () => {
  test.each(['findings-of-every-kind', 'nothing-to-report', 'several-runs'])(
    'of %s is as reviewed',
    (name) => {
      expect(pretty(loadReport(name), contextWith())).toBe(readText(`expected/${name}.txt`));
    },
  );

  test('is as reviewed on a narrow terminal', () => {
    expect(pretty(report, contextWith({ width: 50 }))).toBe(readText('expected/narrow.txt'));
  });

  test('has the same words with colours, and colours only where wanted', () => {
    const colored = pretty(report, contextWith({ color: true }));
    const plain = pretty(report, contextWith());
    expect(stripVTControlCharacters(colored)).toBe(plain);
    expect(plain).toBe(stripVTControlCharacters(plain));
    expect(colored).toContain('\u001B[31m\u001B[1merror[missing-required]');
  });

  test.each([60, 80, 100, 120])('keeps within %i columns but for addresses and the last line', (width) => {
    for (const line of pretty(report, contextWith({ width })).split('\n')) {
      if (!line.includes('https://') && !line.startsWith('✖'))
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  test('is 100 columns wide where there is no terminal, and no wider than 120', () => {
    expect(pretty(report, contextWith({ width: 0 }))).toBe(pretty(report, contextWith({ width: 100 })));
    expect(pretty(report, contextWith({ width: 500 }))).toBe(pretty(report, contextWith({ width: 120 })));
  });

  test('gives the advice and the documentation of a check once', () => {
    const text = pretty(report, contextWith());
    expect(text.match(/= fix: Name the hosts/g)).toHaveLength(1);
    expect(text.match(/checks\/missing-required$/gm)).toHaveLength(1);
  });

  test.each([
    ['The rule is too wide.', 'Narrow it.'],
    ['Die Regel ist zu weit.', 'Ändern Sie sie bitte.'],
  ])('has the first sentence of a message in its title: %s', (first, rest) => {
    const text = pretty(
      reportOf([findingAt(at('a.json', 1), { message: `${first} ${rest}` })]),
      contextWith(),
    );
    expect(text).toContain(`${first}\n  ${rest}\n`);
  });

  test('leaves suppressed findings out, but counts them', () => {
    const text = pretty(report, contextWith());
    expect(text).not.toContain('more than one host of the registry');
    expect(text).toContain('1 suppressed');
  });

  test('is the same whatever the order of the findings in different places', () => {
    const findings = [...report.findings].sort((a, b) => b.location.startLine - a.location.startLine);
    expect(pretty({ ...report, findings }, contextWith())).toBe(pretty(report, contextWith()));
  });
});

describe('files', () => {
  test('come in the order in which they were read, then others by name', () => {
    const findings = ['z.json', 'b.json', 'a.json'].map((path) => findingAt(at(path, 1)));
    const inputs = [{ path: 'z.json', format: 'arm-template', rules: 1, unresolved: 0 }];
    const text = pretty(reportOf(findings, { inputs }), contextWith());
    expect([...text.matchAll(/^── (\S+)/gm)].map((match) => match[1])).toEqual([
      'z.json',
      'a.json',
      'b.json',
    ]);
  });

  test('whose text is not at hand are named without quoting them', () => {
    const related = [{ text: 'the rule that denies', location: at('other.json', 4) }];
    const text = pretty(reportOf([findingAt(at('gone.json', 7, 3), { related })]), contextWith());
    expect(text).toContain('  ┌─ gone.json:7:3\n  ├─ other.json:4:1\n  │ the rule that denies\n');
  });

  test('standard input is called what it is', () => {
    const text = pretty(reportOf([findingAt(at('-', 1))]), contextWith({ textOf: () => '{}' }));
    expect(text).toContain('── standard input ──');
    expect(text).toContain('┌─ <stdin>:1:1');
  });

  test('cannot write to the terminal through their names, lines or rule names', () => {
    const finding = findingAt(at('a\u001B[2J.json', 1, 1, 5), { message: 'Rule \u001B]0;x\u0007 allows.' });
    const text = pretty(
      reportOf([finding], { notices: ['\u001B[1A'] }),
      contextWith({ textOf: () => '"\u001B[31m"' }),
    );
    expect(text).not.toContain('\u001B');
    expect(text).not.toContain('\u0007');
  });
});

describe('related places', () => {
  test('in the same file are underlined in the same quotation, and of the same place label it', () => {
    const location = at('infra/hub-policy.json', 41, 21, 34);
    const related = [
      { text: 'this collection comes first', location },
      { text: 'and this one next', location: at('infra/hub-policy.json', 17, 21, 30) },
    ];
    expect(pretty(reportOf([findingAt(location, { related })]), contextWith())).toContain(
      [
        '   ┌─ infra/hub-policy.json:41:21',
        '17 │ "name": "network",',
        '   │         --------- and this one next',
        '   ·',
        '41 │ "name": "application",',
        '   │         ^^^^^^^^^^^^^ this collection comes first',
      ].join('\n'),
    );
  });
});

describe('several findings of a check in one place', () => {
  const location = at('infra/hub-policy.json', 41, 21, 34);
  const named = (name: string): ReturnType<typeof findingAt> =>
    findingAt(location, { message: `Nothing allows ${name}.`, item: name, fingerprint: name });

  test('quote the place once and list what they say', () => {
    const text = pretty(reportOf([named('a.example.com'), named('b.example.com')]), contextWith());
    expect(text).toContain(
      [
        'error[missing-required] AKS needs 2 destinations that no rule allows: a.example.com, b.example.com.',
        '  • Nothing allows a.example.com.',
        '  • Nothing allows b.example.com.',
        '   ┌─ infra/hub-policy.json:41:21',
        '41 │ "name": "application",',
        '   │         ^^^^^^^^^^^^^',
        '   = fix:',
      ].join('\n'),
    );
  });

  test('without short names are counted', () => {
    const findings = ['A.', 'B.'].map((message) => findingAt(location, { message }));
    expect(pretty(reportOf(findings), contextWith())).toContain(
      'error[missing-required] 2 findings here:\n  • A.\n  • B.\n',
    );
  });

  test('that say the same are one', () => {
    const findings = [findingAt(location), findingAt(location)];
    expect(pretty(reportOf(findings), contextWith()).match(/Nothing allows it\./g)).toHaveLength(1);
  });
});

describe('the last line', () => {
  const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
  const place = at('a.json', 1);

  test.each([
    [['error'], '✖ 1 error (1 rule in 1 file)'],
    [['error', 'error', 'warning'], '✖ 2 errors, 1 warning (1 rule in 1 file)'],
    [['warning', 'note', 'note'], '▲ 1 warning, 2 notes (1 rule in 1 file)'],
    [['note'], '● 1 note (1 rule in 1 file)'],
  ] as const)('of %j is %s', (levels, expected) => {
    const findings = levels.map((level) => findingAt(place, { level }));
    expect(lastLine(pretty(reportOf(findings), contextWith()))).toBe(expected);
  });

  test('does not call it fine where requirements are not covered but nothing was reported', () => {
    const [run] = report.runs;
    if (run === undefined) throw new Error('no run');
    const quiet = {
      ...report,
      findings: [],
      summary: { error: 0, warning: 0, note: 0, suppressed: 8 },
      notices: [],
    };
    expect(lastLine(pretty(quiet, contextWith()))).toBe(
      '✔ No findings: 2 of 7 requirements are covered (4 rules in 2 files, 8 suppressed)',
    );
  });

  test('says only what is known where nothing was judged', () => {
    expect(lastLine(pretty(reportOf([]), contextWith()))).toBe('✔ No findings (0 rules in 0 files)');
  });
});
