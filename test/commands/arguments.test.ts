import { describe, expect, it, vi } from 'vitest';
import { parseArguments, type Arguments } from '../../src/commands/arguments.ts';
import { UsageError } from '../../src/errors.ts';

async function parse(...argv: string[]): Promise<Arguments> {
  return parseArguments(argv, { version: '1.2.3', columns: 100 });
}

async function problem(...argv: string[]): Promise<string> {
  const error: unknown = await parse(...argv).catch((thrown: unknown) => thrown);
  if (!(error instanceof UsageError)) throw new Error(`no UsageError: ${JSON.stringify(error)}`);
  return error.message;
}

describe('what to lint', () => {
  it('takes files before, between and after flags, and after --', async () => {
    const args = await parse(
      'a.json',
      '--source',
      '10.0.0.0/24',
      'b.json',
      '--strict',
      'c.json',
      '--',
      '-d.json',
    );
    expect(args).toMatchObject({
      command: 'lint',
      files: ['a.json', 'b.json', 'c.json', '-d.json'],
      strict: true,
    });
  });

  it('keeps a lone - as standard input, wherever it stands', async () => {
    expect(await parse('-')).toMatchObject({ files: ['-'] });
    expect(await parse('-', 'a.json')).toMatchObject({ files: ['-', 'a.json'] });
    expect(await parse('a.json', '--parameters', '-')).toMatchObject({
      files: ['a.json'],
      parameters: ['-'],
    });
  });

  it('keeps numbers and dotted names as they are written', async () => {
    expect(await parse('007', '1.10', '--policy', '0x10')).toMatchObject({
      files: ['007', '1.10'],
      policies: ['0x10'],
    });
  });
});

describe('what to read from Azure', () => {
  it('takes targets by id or name, and the flags of a run that are not about files', async () => {
    const args = await parse(
      ...['azure', '--firewall-policy', 'hub', '--cluster', 'a', '--cluster', 'b', '--save', 'hub.json'],
      ...['--timeout', '5', '--cloud', 'AzureChinaCloud', '--fail-on', 'never', '--output', 'sarif=x.sarif'],
    );
    expect(args).toMatchObject({
      command: 'azure',
      firewallPolicy: 'hub',
      firewall: undefined,
      clusters: ['a', 'b'],
      subscription: undefined,
      save: 'hub.json',
      timeout: 5,
      lint: { command: 'lint', files: [], clusters: [], cloud: 'AzureChinaCloud', failOn: 'never' },
    });
    expect(await parse('azure')).toMatchObject({ timeout: 60, clusters: [] });
  });

  it.each([
    [
      ['azure', '--firewal-policy', 'hub'],
      "Unknown flag --firewal-policy. Did you mean '--firewall-policy'?",
    ],
    [['azure', '--parameters', 'prod.json'], 'Unknown flag --parameters.'],
    [['azure', 'hub.json'], "Unexpected argument 'hub.json'."],
    [['azure', '--timeout', '0'], "--timeout: '0' is no number of seconds. Expected 1 to 3600."],
    [['azure', '--timeout', '1m'], "--timeout: '1m' is no number of seconds. Expected 1 to 3600."],
    [['azure', '--save', 'a', '--save', 'b'], '--save is given 2 times: give it once.'],
    [['azure', '--cluster='], '--cluster needs a value.'],
    [['--firewall-policy', 'hub'], 'Unknown flag --firewall-policy.'],
  ])('refuses %j', async (argv, expected) => {
    expect(await problem(...argv)).toContain(expected);
  });

  it('is explained, with examples and exit codes, and completed', async () => {
    const help = await parse('azure', '--help');
    const text = help.command === 'text' ? help.text : '';
    expect(text).toContain('aks-egress-lint azure --firewall-policy hub');
    expect(text).toMatch(/^ {2}130 {2}interrupted/m);
    const completed = async (...words: string[]): Promise<Arguments> =>
      parse('--get-yargs-completions', 'aks-egress-lint', ...words);
    expect(await completed('az')).toEqual({ command: 'text', text: 'azure\n' });
    expect(await completed('azure', '--fir')).toEqual({
      command: 'text',
      text: '--firewall-policy\n--firewall\n',
    });
    expect(await completed('azure', '--cloud', 'AzureU')).toEqual({
      command: 'text',
      text: 'AzureUSGovernment\n',
    });
  });
});

describe('flags', () => {
  it('collects repeated ones, and splits features and sources at commas', async () => {
    expect(
      await parse(
        ...['a.json', '--feature', 'defender, azure-policy', '--feature', 'istio'],
        ...['--source', '10.0.0.0/24,linux=10.1.0.0/24', '--source', 'pods=10.2.0.0/16'],
        ...[
          '--parameters',
          'a',
          '--parameters',
          'b',
          '--base-policy',
          'c',
          '--policy',
          'hub',
          '--policy',
          'spoke',
        ],
      ),
    ).toMatchObject({
      features: ['defender', 'azure-policy', 'istio'],
      sources: ['10.0.0.0/24', 'linux=10.1.0.0/24', 'pods=10.2.0.0/16'],
      parameters: ['a', 'b'],
      basePolicies: ['c'],
      policies: ['hub', 'spoke'],
    });
  });

  it('reads several outputs, and paths with an equals sign', async () => {
    expect(await parse('a.json', '-o', 'sarif=x=y.sarif', '--output', 'json=z.json')).toMatchObject({
      outputs: [
        { format: 'sarif', path: 'x=y.sarif' },
        { format: 'json', path: 'z.json' },
      ],
    });
  });

  it('leaves open what is not given, so that a configuration can say it', async () => {
    expect(await parse('a.json')).toMatchObject({
      format: 'pretty',
      failOn: undefined,
      profile: undefined,
      config: undefined,
      color: undefined,
    });
    expect(await parse('a.json', '--no-config', '--no-color')).toMatchObject({ config: false, color: false });
  });
});

describe('commands', () => {
  it('are known by name', async () => {
    expect(
      await parse('requirements', '--all', '-f', 'markdown', '--cloud', 'AzureChinaCloud'),
    ).toMatchObject({
      command: 'requirements',
      all: true,
      format: 'markdown',
      cloud: 'AzureChinaCloud',
    });
    expect(await parse('checks')).toMatchObject({ command: 'checks', check: undefined });
    expect(await parse('explain', 'broad-port')).toMatchObject({ command: 'checks', check: 'broad-port' });
  });

  it('show their help and the version, whatever else is wrong', async () => {
    expect(await parse('--version')).toEqual({ command: 'text', text: '1.2.3\n' });
    expect(await parse('-V', '--fromat')).toEqual({ command: 'text', text: '1.2.3\n' });
    const help = await parse('a.json', '-h');
    expect(help).toMatchObject({ command: 'text' });
    for (const part of ['--fail-on', 'Examples:', 'Exit codes', '2 beats 3 beats 1', 'explain <check>']) {
      expect(help).toMatchObject({ text: expect.stringContaining(part) as string });
    }
    expect(await parse('requirements', '--help')).toMatchObject({
      text: expect.stringContaining('List rows that do not apply too') as string,
    });
  });

  it('print a completion script, and complete flags, values and commands', async () => {
    const script = await parse('completion');
    expect(script).toMatchObject({ text: expect.stringContaining('--get-yargs-completions') as string });
    const complete = async (...words: string[]): Promise<string[]> => {
      const { text } = { text: '', ...(await parse('--get-yargs-completions', ...words)) };
      return text.split('\n').filter((line) => line !== '');
    };
    expect(await complete('aks-egress-lint', 'ex')).toEqual(['explain']);
    expect(await complete('/usr/bin/aks-egress-lint', 'a.json', '--fa')).toEqual(['--fail-on']);
    expect(await complete('a.json', '--profile', 'p')).toEqual(['public', 'private']);
    expect(await complete('requirements', '--format', 'f')).toEqual(['fortios', 'fortios-feed']);
    expect(await complete('aks-egress-lint', 'a.json', 'b')).toEqual([]);
  });
});

describe('wrong command lines', () => {
  it.each([
    [['--fromat', 'json', 'a.json'], "Unknown flag --fromat. Did you mean '--format'?"],
    [['--nocolor'], "Did you mean '--no-color'?"],
    [['-z'], 'Unknown flag -z.'],
    [['requirements', '--fail-on', 'note'], 'Unknown flag --fail-on.'],
    [
      ['--format', 'jsn'],
      "--format: unknown value 'jsn'. Expected pretty, json, sarif, markdown, github, junit, gitlab, html. Did you mean 'json'?",
    ],
    [['--format'], '--format needs a value.'],
    [['--format='], '--format needs a value.'],
    [['--source', '--region', 'westeurope'], '--source needs a value.'],
    [['--format', 'json', '--format', 'sarif'], '--format is given 2 times: give it once. Use --output'],
    [['--region', 'a', '--region', 'b'], '--region is given 2 times'],
    [['--output', 'x.sarif'], "--output: 'x.sarif' names no format. Expected FORMAT=FILE"],
    [['--output', 'sarif='], "--output: 'sarif=' names no file."],
    [['--output', 'sarfi=x'], "Did you mean 'sarif'?"],
    [['--fail-on', 'warnings'], "Did you mean 'warning'?"],
    [['--as-of', '2026-02-30'], "--as-of: '2026-02-30' is no date. Expected YYYY-MM-DD"],
    [['--as-of', 'yesterday'], 'is no date'],
    [['--config', 'a.yaml', '--no-config'], '--config and --no-config contradict each other'],
    [['explain'], 'Which check?'],
    [['explain', 'a', 'b'], "Unexpected argument 'b'."],
    [['checks', 'a'], "Unexpected argument 'a'."],
  ])('%j is named and explained', async (argv, expected) => {
    const message = await problem(...argv);
    expect(message).toContain(expected);
    expect(message).toMatch(/\nTry 'aks-egress-lint --help'\.$/);
  });

  it('speak English in every locale', async () => {
    vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
    expect(await problem('--format')).toContain('needs a value');
    expect(await parse('--help')).toMatchObject({ text: expect.stringContaining('Commands:') as string });
    vi.unstubAllEnvs();
  });
});
