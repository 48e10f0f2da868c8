import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { runIn, type Outcome } from '../commands/io.ts';

async function run(...argv: string[]): Promise<Outcome> {
  return runIn({ cwd: import.meta.dirname }, ...argv);
}

interface Row {
  readonly id: string;
  readonly row?: string;
  readonly cloud: string;
  readonly applies: string;
  readonly destinations?: readonly string[];
}

async function rows(...argv: string[]): Promise<readonly Row[]> {
  const { code, stdout } = await run('requirements', '--no-config', '--format', 'json', ...argv);
  expect(code).toBe(0);
  return JSON.parse(stdout) as readonly Row[];
}

describe('help and version', () => {
  it('are no errors', async () => {
    expect(await run('--version')).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    const help = await run('--help');
    expect(help.code).toBe(0);
    expect(help.stderr).toBe('');
    expect(help.stdout).toContain('Exit codes');
  });

  it('fit the terminal', async () => {
    const { stdout } = await runIn({ cwd: '/', terminal: 60 }, '--help');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
  });
});

describe('requirements', () => {
  it('lists the rows that apply or may apply', async () => {
    const listed = await rows();
    expect(new Set(listed.map(({ applies }) => applies))).toEqual(new Set(['yes', 'unknown']));
    expect(listed.map(({ id }) => id)).toContain('core/mcr');
  });

  it('lists every row of every cloud with --all', async () => {
    const listed = await rows('--all');
    expect(listed.length).toBeGreaterThan(130);
    expect(new Set(listed.map(({ cloud }) => cloud)).size).toBe(3);
    // The article's 22 tables have 102 rows.
    expect(new Set(listed.flatMap(({ row }) => row ?? [])).size).toBe(102);
  });

  it('fills the region, and follows profile and features', async () => {
    const plain = await rows('--region', 'westeurope');
    expect(plain.flatMap(({ destinations }) => destinations ?? [])).toContain('*.hcp.westeurope.azmk8s.io');
    const isolated = await rows('--profile', 'network-isolated');
    expect(isolated.map(({ id }) => id)).not.toContain('core/mcr');
    const policy = await rows('--feature', 'azure-policy');
    expect(policy.length).toBeGreaterThan(plain.length);
  });

  it('writes text and Markdown', async () => {
    const text = await run('requirements', '--no-config');
    expect(text.stdout).toContain('mcr.microsoft.com  HTTPS 443');
    const markdown = await run('requirements', '--no-config', '--format', 'markdown');
    expect(markdown.stdout).toContain('| Destination | Port |');
    expect(markdown.stdout).toContain('`mcr.microsoft.com`');
  });

  describe.each(['pretty', 'markdown'])('as %s', (format) => {
    const list = async (...argv: string[]): Promise<string> => {
      const { stdout } = await runIn(
        { cwd: import.meta.dirname, terminal: 100 },
        ...['requirements', '--no-config', '--no-color', '--format', format, ...argv],
      );
      return stdout.replaceAll(/\\(?=[|<>*_])/g, '').replaceAll(/\s+/g, ' ');
    };

    it('says what evidence says against the article', async () => {
      const text = await list('--feature', 'windows,gpu,key-vault-csi');
      expect(text).toContain(
        "'acs-mirror.azureedge.net' is not needed as far as is known. Nodes download from packages.aks.azure.com",
      );
      expect(text).toContain("The article prints 'onegetcdn.azureedge.net' too. The host is dead");
      expect(text).toContain("'nvidia.github.io' is recommended only. Documented as required");
      expect(text).toContain(
        "The article prints 'vault.azure.net' instead. The bare host vault.azure.net is no vault",
      );
      expect(text).toContain("'mcrprod.azurecr.io' is not needed as far as is known. Unverified");
    });

    it('says of the same host in China that the printed one is another', async () => {
      const text = await list('--cloud', 'AzureChinaCloud', '--feature', 'cost-analysis');
      expect(text).toContain("The article prints 'login.microsoftonline.cn' instead.");
    });

    it('says how to decide whether a row applies', async () => {
      expect(await list()).toContain('To decide it, give podsCallApiServerByIp in the profile.');
    });

    it('shows the notes of the article', async () => {
      const text = await list();
      expect(text).toContain('md-*.blob.storage.azure.net');
      expect(text).toContain('blocking them causes no problem');
      expect(text).toContain('a network security group cannot express these rules');
      expect(text).toContain('rewrites the extension breaks it');
    });
  });

  it('warns of a region that it does not know, beside the list', async () => {
    for (const format of ['pretty', 'json', 'markdown']) {
      const { code, stdout, stderr } = await run(
        'requirements',
        '--no-config',
        '--region',
        'westeurop',
        '-f',
        format,
      );
      expect(code).toBe(0);
      expect(stdout).toContain('*.hcp.westeurop.azmk8s.io');
      expect(stderr).toBe(
        "aks-egress-lint: The region westeurop is not among those of AzureCloud that this version knows. Did you mean 'westeurope'?\n",
      );
    }
  });

  it('prints every row with the keys of its contract', async () => {
    const always = [
      'id',
      'feature',
      'cloud',
      'necessity',
      'protocol',
      'port',
      'purpose',
      'applies',
      'why',
      'source',
    ];
    const sometimes = ['row', 'documentedDestinations', 'supply', 'corrections', 'note', 'since', 'until'];
    for (const row of await rows('--all')) {
      const keys = Object.keys(row);
      expect(keys).toEqual(expect.arrayContaining(always));
      expect(keys.filter((key) => key === 'destinations' || key === 'anyOf')).toHaveLength(1);
      const known = [...always, ...sometimes, 'destinations', 'anyOf'];
      expect(keys.filter((key) => !known.includes(key))).toEqual([]);
    }
  });

  it('fails for an unknown profile', async () => {
    const { code, stdout, stderr } = await run('requirements', '--profile', 'publik');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain("Did you mean 'public'?");
  });
});

describe('checks and explain', () => {
  it('list every check, and say why one matters', async () => {
    expect((await run('checks')).stdout).toMatch(/^missing-required +error /m);
    const { code, stdout } = await run('explain', 'missing-required');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^missing-required \(error\)\n\n.+\n\nWhy: [^]+\n\nFix: [^]+\n\nDocs: https:/);
  });

  it('suggest a check for a misspelled one', async () => {
    const { code, stderr } = await run('explain', 'missing-requird');
    expect(code).toBe(2);
    expect(stderr).toContain("There is no check 'missing-requird'. Did you mean 'missing-required'?");
  });
});

describe('a defect of the program', () => {
  const broken = {
    cwd: '/',
    today: '2026-01-31',
    readStdin: (): never => {
      throw new TypeError('boom');
    },
  };

  it('is called one, with a stack trace only where it is asked for', async () => {
    const { run: program } = await import('../../src/commands/run.ts');
    const outcome = async (...argv: string[]): Promise<{ code: number; text: string }> => {
      let text = '';
      const output = {
        isTerminal: false,
        columns: 0,
        write: (): never => {
          throw new TypeError('boom');
        },
      };
      const stderr = { ...output, write: (part: string): void => void (text += part) };
      const code = await program(argv, { ...broken, env: {}, stdout: output, stderr });
      return { code, text };
    };
    const plain = await outcome('checks');
    expect(plain.code).toBe(2);
    expect(plain.text).toMatch(/^aks-egress-lint: the program itself failed, which is a defect: boom\n/);
    expect(plain.text).not.toMatch(/\n\s+at /);
    expect((await outcome('checks', '--debug')).text).toMatch(/\n\s+at /);
  });
});
