import { describe, expect, test } from 'vitest';
import { github } from '../../src/reporters/github.ts';
import type { Report, ReportContext } from '../../src/reporters/report.ts';
import { uriMapper } from '../../src/reporters/uri.ts';
import { at, contextWith, findingAt, loadReport, readText, reportOf } from './fixture.ts';

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Reads workflow commands as the runner does. */
function commandsOf(report: Report, changes: Partial<ReportContext> = {}): Command[] {
  const lines = github(report, contextWith(changes)).split('\n');
  return lines.flatMap((line) => {
    const match = /^::(\w+) (.*?)::(.*)$/.exec(line);
    if (match === null) return [];
    const [, name = '', list = '', text = ''] = match;
    const properties = Object.fromEntries(
      list.split(',').map((item) => {
        const [key = '', value = ''] = item.split('=', 2);
        return [key, decode(value)];
      }),
    );
    return [{ name, properties, text: decode(text) }];
  });
}

function decode(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

describe('annotations', () => {
  test.each(['findings-of-every-kind', 'nothing-to-report', 'several-runs'])(
    'of %s are written as reviewed',
    (name) => {
      expect(github(loadReport(name), contextWith())).toBe(readText(`expected/${name}.github.txt`));
    },
  );

  test('say what GitHub shows a level as, most severe first', () => {
    const location = at('infra/hub-policy.json', 1);
    const report = reportOf([
      findingAt(location, { level: 'note', check: 'retired-endpoint' }),
      findingAt(location, { level: 'warning', check: 'broad-source' }),
      findingAt(location, { level: 'error' }),
    ]);
    expect(commandsOf(report).map(({ name, properties }) => [name, properties['title']])).toEqual([
      ['error', 'missing-required'],
      ['warning', 'broad-source'],
      ['notice', 'retired-endpoint'],
    ]);
  });

  test('leave out what is suppressed', () => {
    expect(commandsOf(reportOf([findingAt(at('a.json', 1), { suppressed: true })]))).toEqual([]);
  });

  test('are no more than GitHub shows: the tenth of a level counts the rest', () => {
    const levels = ['error', 'warning', 'note'] as const;
    const findings = levels.flatMap((level) =>
      Array.from({ length: 12 }, (_, line) => findingAt(at(`${level}.json`, line + 1), { level })),
    );
    const commands = commandsOf(reportOf(findings));
    for (const [name, level] of [
      ['error', 'error'],
      ['warning', 'warning'],
      ['notice', 'note'],
    ] as const) {
      const own = commands.filter((command) => command.name === name);
      expect(own).toHaveLength(10);
      expect(own.at(-1)?.text).toContain(`And 3 more ${level}s.`);
      expect(own.at(-1)?.properties).not.toHaveProperty('file');
    }
  });

  test('are all there where they are just as many as GitHub shows', () => {
    const findings = Array.from({ length: 10 }, (_, line) => findingAt(at('infra/big.json', line + 1)));
    expect(commandsOf(reportOf(findings)).every(({ properties }) => 'line' in properties)).toBe(true);
  });

  test('survive any message and any name of a file', () => {
    const message = "100%, 'a:b'\n::error::injected %0A ##[add-mask]x";
    const path = 'a,b: 50%/é 🚀.json';
    const [command, ...others] = commandsOf(reportOf([findingAt(at(path, 1), { message })]), {
      uriOf: uriMapper('/repo', (name) => `/repo/${name}`),
    });
    expect(others).toEqual([]);
    expect(command?.properties['file']).toBe(path);
    expect(command?.text).toContain("100%, 'a:b' ::error::injected %0A ##[add-mask]x");
  });

  test.each([
    ['Windows', 'D:\\a\\repo\\repo', 'D:\\a\\repo\\repo\\infra\\hub policy.json', 'infra/hub policy.json'],
    ['macOS', '/Users/runner/work/repo', '/Users/runner/work/repo/infra/ü.json', 'infra/ü.json'],
    ['another folder', '/repo', '/other/x.json', '/other/x.json'],
    ['another drive', 'D:\\a', 'C:\\x y\\z.json', 'C:/x y/z.json'],
  ])(
    'name files of %s relative to the repository where they are in it',
    (_name, root, absolute, expected) => {
      const uriOf = uriMapper(root, () => absolute);
      const [command] = commandsOf(reportOf([findingAt(at('x', 1))]), { uriOf });
      expect(command?.properties['file']).toBe(expected);
    },
  );

  test('of standard input name no file', () => {
    const [command] = commandsOf(reportOf([findingAt(at('-', 1))]));
    expect(command?.properties).toEqual({ title: 'missing-required' });
  });

  test('of several lines have no columns, which GitHub takes within one line only', () => {
    const location = { ...at('infra/hub-policy.json', 3), endLine: 5 };
    const [command] = commandsOf(reportOf([findingAt(location)]));
    expect(command?.properties).toMatchObject({ line: '3', endLine: '5' });
    expect(command?.properties).not.toHaveProperty('col');
  });

  test('are followed by what else there is to say, which is no command', () => {
    const notices = ['::error::x', 'a ##[set-env name=x]y'];
    const lines = github(reportOf([], { notices }), contextWith()).trimEnd().split('\n');
    expect(lines).toEqual(['ℹ ::error::x', 'ℹ a ## [set-env name=x]y', '✔ No findings (0 rules in 0 files)']);
  });
});
